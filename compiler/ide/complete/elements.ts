/** Tokens as their brackets group them: all that is known of a text that may not parse. */
import type { Span } from "../../../grammar/ast.js";
import { isAnyName, isLowerName, type SoftKeyword, type Token } from "../../../grammar/tokens.js";

export type Element = Token | Group;

/** What stands between two brackets. One that is never closed ends with the text. */
export interface Group {
  readonly kind: "group";
  readonly open: Token;
  readonly elements: readonly Element[];
  readonly isClosed: boolean;
  readonly start: number;
  readonly end: number;
}

/** The brackets that are open at a place, the innermost with what it holds so far. */
export interface Nest {
  /** Absent outside of all brackets. */
  readonly open: Token | undefined;
  readonly elements: Element[];
  readonly outer: Nest | undefined;
  readonly depth: number;
}

/** What is nested deeper is no program, and would fill the stack. */
const deepest = 200;

const closing: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

const isOpening = ({ kind }: Token): boolean => kind === "(" || kind === "[" || kind === "{";

/** Where the last of `tokens` leaves off. */
export function nestOf(tokens: readonly Token[]): Nest {
  let nest: Nest = { open: undefined, elements: [], outer: undefined, depth: 0 };
  for (const [n, token] of tokens.entries()) {
    nest = recovered(nest, token, tokens[n - 1], tokens[n + 1]);
    const opener = closing[token.kind];
    if (isOpening(token) && nest.depth < deepest)
      nest = { open: token, elements: [], outer: nest, depth: nest.depth + 1 };
    else if (opener === undefined) nest.elements.push(token);
    else if (hasOpen(nest, opener)) {
      while (nest.outer && nest.open?.kind !== opener) nest = closed(nest, nest.outer, token.start);
      if (nest.outer) nest = closed(nest, nest.outer, token.end, true);
    }
  }
  return nest;
}

/** All of `tokens`, what is open at their end closed there. */
export function grouped(tokens: readonly Token[]): readonly Element[] {
  let nest = nestOf(tokens);
  while (nest.outer) nest = closed(nest, nest.outer, tokens.at(-1)?.end ?? 0);
  return nest.elements;
}

function closed({ open, elements }: Nest, outer: Nest, end: number, isClosed = false): Nest {
  if (open) outer.elements.push({ kind: "group", open, elements, isClosed, start: open.start, end });
  return outer;
}

function hasOpen(nest: Nest, kind: string): boolean {
  for (let each: Nest | undefined = nest; each; each = each.outer) if (each.open?.kind === kind) return true;
  return false;
}

const statementKeywords: ReadonlySet<string> = new Set(["return", "param", "repeat", "yield"]);
const operators: ReadonlySet<string> = new Set([
  ...["|>", "->", ":=", "+=", "*=", "==", "!=", "<=", ">=", "//", ".."],
  ...["=", "<", ">", "+", "-", "*", "/", "%", "^", "|", "&", "!", "@", ".", ",", ":", ";"],
  ...["(", "[", "{", "where", "when", "if", "then", "else"],
]);

/** A line that starts a statement ends what was left open in the line before. */
function recovered(nest: Nest, token: Token, previous: Token | undefined, next: Token | undefined): Nest {
  const isInside = nest.open?.kind === "(" || nest.open?.kind === "[";
  if (!isInside || !previous || previous.line === token.line || operators.has(previous.kind)) return nest;
  const isAssigned = isLowerName(token.kind) && (next?.kind === "=" || next?.kind === "+=" || next?.kind === "*=");
  if (!statementKeywords.has(token.kind) && !isAssigned) return nest;
  let body = nest;
  while (body.outer && body.open?.kind !== "{") body = body.outer;
  if (!body.outer) return nest;
  let now = nest;
  while (now !== body && now.outer) now = closed(now, now.outer, previous.end);
  return now;
}

/** Whether something must follow: an operand, or the rest of what the element begins. */
export const expectsMore = (element: Element | undefined): boolean =>
  element !== undefined && element.kind !== "group" && operators.has(element.kind);

/** What separators part. Empty items are kept: the last is where something may be written. */
export function itemsOf(elements: readonly Element[], separators: readonly string[] = [","]): Element[][] {
  const items: Element[][] = [[]];
  for (const element of elements) {
    if (element.kind !== "group" && separators.includes(element.kind)) items.push([]);
    else items.at(-1)?.push(element);
  }
  return items;
}

/** As `itemsOf`, where a line break separates too. */
export function linesOf(elements: readonly Element[]): Element[][] {
  return itemsOf(elements).flatMap((item) => {
    const lines: Element[][] = [[]];
    for (const [n, element] of item.entries()) {
      const before = item[n - 1];
      if (before && lineOf(before) !== lineOf(element) && !expectsMore(before)) lines.push([]);
      lines.at(-1)?.push(element);
    }
    return lines;
  });
}

/** The line that an element starts on. */
export const lineOf = (element: Element): number => (element.kind === "group" ? element.open.line : element.line);

/** A token that is a name, by its kind or because it is one here. */
export type NameToken = Token & { readonly kind: "lower" | "upper" | SoftKeyword };

export const isName = (element: Element | undefined): element is NameToken =>
  element !== undefined && element.kind !== "group" && isAnyName(element.kind);

export const isLower = (element: Element | undefined): element is NameToken =>
  element !== undefined && element.kind !== "group" && isLowerName(element.kind);

export const isUpper = (element: Element | undefined): element is NameToken => element?.kind === "upper";

export const isGroup = <Open extends "(" | "[" | "{">(
  element: Element | undefined,
  open: Open,
): element is Group & { readonly open: Token & { readonly kind: Open } } =>
  element?.kind === "group" && element.open.kind === open;

export const spanOf = (elements: readonly Element[]): Span => ({
  start: elements[0]?.start ?? 0,
  end: elements.at(-1)?.end ?? 0,
});

/** The brackets that are open, outermost first. */
export function path(nest: Nest): Nest[] {
  return nest.outer ? [...path(nest.outer), nest] : [nest];
}
