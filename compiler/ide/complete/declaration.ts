/** Declarations with a body, or what stands for one: their heads and what follows. */
import { inBrackets } from "./brackets.js";
import { inAlias } from "./config.js";
import type { Cursor } from "./cursor.js";
import { isGroup, isName, itemsOf, path, type Element, type Nest } from "./elements.js";
import { expression } from "./expression.js";
import type { Locals } from "./local.js";
import { localsAt } from "./locals.js";
import { blocks, indexNames, models } from "./names.js";
import { keyword, type Suggestion } from "./suggestion.js";
import { anything, type Want } from "./want.js";

/** `block`, `model`, `task`, `fn`, `mask` and `score`. */
export function inDeclaration(cursor: Cursor): Suggestion[] {
  const known = localsAt(cursor);
  const locals = { ...known, due: valueOf(known.head.keyword, known) };
  const [top, first] = path(cursor.nest);
  if (!top) return [];
  if (!first) return atTop(cursor, locals, top.elements);
  if (first.open?.kind === "{" && isAlias(top.elements)) return inAlias(cursor, locals, first);
  if (first === cursor.nest && !isPastHead(top.elements)) return inHead(cursor, locals, first, top.elements);
  return inBrackets(cursor, locals, cursor.nest);
}

/** Behind its inputs a head has brackets of types and expressions alone. */
const isPastHead = (elements: readonly Element[]): boolean =>
  elements.some((element) => isGroup(element, "(") || ["->", "where", "="].includes(element.kind));

const isAlias = (elements: readonly Element[]): boolean =>
  (elements[0]?.kind === "block" || elements[0]?.kind === "model") && elements[2]?.kind === "=";

// ---------------------------------------------------------------------------------------------------- between brackets

function atTop(cursor: Cursor, locals: Locals, elements: readonly Element[]): Suggestion[] {
  const [keywordElement] = elements;
  const last = elements.at(-1);
  const equals = elements.findIndex(({ kind }) => kind === "=");
  const where = elements.findIndex(({ kind }) => kind === "where");
  if (elements.length <= 1 || !last) return [];
  if (where >= 0 && equals < 0)
    return expression(cursor, locals, itemsOf(elements.slice(where + 1)).at(-1) ?? [], fact);
  if (isAlias(elements)) return elements.length === 3 ? [...blocks(cursor, locals), ...models(cursor)] : [];
  if (equals >= 0) return expression(cursor, locals, elements.slice(equals + 1), locals.due ?? anything);
  const arrow = elements.findIndex(({ kind }) => kind === "->");
  if (arrow >= 0)
    return last.kind === "->" || last.kind === "," ? types(locals.head.keyword, "result") : [keyword("where")];
  if (keywordElement?.kind === "task") return inTaskHead(cursor, elements);
  return [];
}

const fact: Want = { type: "int", isStatic: true };

function valueOf(kind: string, { head }: Locals): Want {
  if (kind === "mask" || kind === "score") return { type: kind, extra: indexNames(kind) };
  return kind === "fn" ? { type: head.results[0] ?? "" } : anything;
}

function inTaskHead(cursor: Cursor, elements: readonly Element[]): Suggestion[] {
  const last = elements.at(-1);
  if (last?.kind === "on") return models(cursor);
  if (elements.some(({ kind }) => kind === "as")) return [];
  if (elements.some(({ kind }) => kind === "on")) return [keyword("as")];
  return isGroup(last, "(") ? [keyword("on")] : [];
}

// ------------------------------------------------------------------------------------------------- brackets of a head

function inHead(cursor: Cursor, locals: Locals, nest: Nest, before: readonly Element[]): Suggestion[] {
  if (nest.open?.kind === "[") return [];
  const isEntries = nest.open?.kind === "{";
  const [name, ...rest] = itemsOf(nest.elements).at(-1) ?? [];
  const equals = rest.findIndex(({ kind }) => kind === "=");
  if (!isName(name) || rest.length === 0) return [];
  const owner = isEntries ? "entry" : before[0]?.kind === "block" || before[0]?.kind === "model" ? "input" : "argument";
  if (equals < 0) return rest.length === 1 ? types(locals.head.keyword, owner) : [];
  const type =
    (isEntries ? locals.head.entries : locals.head.inputs).find((slot) => slot.name.text === name.text)?.type ?? "";
  const due = type === "" && /^[A-Z]/.test(name.text) ? "block" : type;
  const defaults = isEntries ? { isStatic: true } : { extra: indexNames(due) };
  return expression(cursor, locals, rest.slice(equals + 1), { type: due, ...defaults });
}

const tensors: readonly Suggestion[] = ["f32", "i32", "bool"].map((label) => ({
  label,
  kind: "type",
  snippet: `${label}[$1]$0`,
}));
const type = (label: string, detail: string): Suggestion => ({ label, kind: "type", detail });
const scalars = [type("int", "a whole number"), type("real", "a real number"), type("string", "a text")];
const applied = [
  type("fn", "a function"),
  { ...type("mask", "a condition on positions"), snippet: "mask[${1:i}, ${2:j}]$0" },
  { ...type("score", "what becomes of a score"), snippet: "score[${1:i}, ${2:j}]$0" },
];

/** The types that may stand there. */
function types(owner: string, place: "entry" | "input" | "argument" | "result"): Suggestion[] {
  if (place === "entry")
    return [...scalars, type("bool", "a truth value"), type("fn", "a function"), type("block", "a block")];
  if (place === "input") return owner === "model" ? [...tensors] : [...tensors, ...applied, ...scalars];
  if (owner === "block" || owner === "model" || owner === "task") return [...tensors];
  return [...tensors, ...scalars, ...(place === "argument" ? applied : [])];
}
