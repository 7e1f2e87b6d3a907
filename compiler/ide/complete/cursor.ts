/** What stands around the place where something is to be written. */
import type { Span } from "../../../grammar/ast.js";
import { endOf } from "../../../grammar/index.js";
import { scan } from "../../../grammar/scan.js";
import { isAnyName, isHardKeyword, type Token } from "../../../grammar/tokens.js";
import { isDeclarationKeyword } from "../../../grammar/parser/recovering-parser.js";
import type { SourceFile } from "../../1-resolve/program.js";
import type { Snapshot, Source } from "../snapshot.js";
import { grouped, nestOf, type Element, type Nest } from "./elements.js";

export interface Cursor {
  readonly snapshot: Snapshot;
  readonly file: SourceFile;
  readonly text: string;
  /** The word, or what is between the quotes of a string: what a completion replaces. Empty where there is none. */
  readonly word: Span;
  readonly isInString: boolean;
  /** Of the declaration that the cursor is in, or behind: its tokens before the word, and those after it. */
  readonly before: readonly Token[];
  readonly after: readonly Token[];
  /** What `before` leaves open. */
  readonly nest: Nest;
  /** The whole declaration, as far as it is written. */
  readonly declaration: readonly Element[];
  /** The word is the first of its line. */
  readonly startsLine: boolean;
}

/** Undefined where nothing can be written that has a meaning: in comments and numbers. */
export function cursorAt(snapshot: Snapshot, name: string, offset: number): Cursor | undefined {
  const source = snapshot.source(name);
  if (!source) return undefined;
  const { tokens: whole, comments } = tokensAround(source, offset);
  const tokens = whole.flatMap((token) => parted(token, offset));
  if (comments.some(({ start, end }) => start < offset && offset <= end)) return undefined;
  const touched = tokens.find(({ start, end, kind }) =>
    kind === "string" ? start < offset && offset <= end : start <= offset && offset <= end && isWord(kind),
  );
  const isInString = touched?.kind === "string" && (offset < touched.end || !isClosed(source.text, touched));
  if (touched?.kind === "string" && !isInString) return undefined;
  if (tokens.some(({ start, end, kind }) => kind === "number" && start < offset && offset <= end)) return undefined;
  const word = !touched ? { start: offset, end: offset } : isInString ? between(source.text, touched) : touched;
  const start = isInString ? touched.start : word.start;
  const [from, to] = declarationRange(tokens, start);
  const own = tokens.slice(from, to);
  const before = own.filter((token) => token.end <= start && token !== touched);
  const after = own.filter((token) => token.start >= start && token !== touched);
  const line = source.text.slice(source.text.lastIndexOf("\n", start - 1) + 1, start);
  return {
    snapshot,
    file: source.file,
    text: source.text,
    word: { start: word.start, end: word.end },
    isInString,
    before,
    after,
    nest: nestOf(before),
    declaration: grouped(own),
    startsLine: line.trim() === "",
  };
}

/** In `h[i].|.weight` the points on both sides of the cursor are two. */
function parted(token: Token, offset: number): Token[] {
  if (token.kind !== ".." || offset !== token.start + 1) return [token];
  return [
    { ...token, kind: ".", text: ".", end: offset },
    { ...token, kind: ".", text: ".", start: offset, column: token.column + 1 },
  ];
}

const isWord = (kind: Token["kind"]): boolean => isAnyName(kind) || isHardKeyword(kind);

const isClosed = (text: string, { start, end }: Token): boolean =>
  end - start > 1 && text.charAt(end - 1) === text.charAt(start);

const between = (text: string, token: Token): Span => ({
  start: token.start + 1,
  end: Math.max(token.start + 1, isClosed(text, token) ? token.end - 1 : token.end),
});

/**
 * The tokens of the sections around an offset. A section that begins with no declaration may go on the one before, as after a
 * bracket too many.
 */
function tokensAround({ text, sections, sectionAt }: Source, offset: number): { tokens: Token[]; comments: Span[] } {
  const here = sectionAt(offset);
  const index = here ? sections.indexOf(here) : -1;
  let first = Math.max(0, index - 1);
  while (first > 0 && sections[first]?.declaration === undefined) first -= 1;
  const from = sections[first]?.at ?? 0;
  const last = sections[index];
  const to = last ? endOf(last) : text.length;
  const scanned = scan(text.slice(from, Math.max(to, offset)));
  return {
    tokens: scanned.tokens.map((token) => ({ ...token, start: token.start + from, end: token.end + from })),
    comments: scanned.comments.map(({ span }) => ({ start: span.start + from, end: span.end + from })),
  };
}

/** From the last token before `start` that begins a declaration to the next that does. */
function declarationRange(tokens: readonly Token[], start: number): readonly [number, number] {
  const first = tokens.findLastIndex((token, n) => token.start <= start && beginsDeclaration(tokens, n));
  const next = tokens.findIndex((token, n) => n > first && token.start > start && beginsDeclaration(tokens, n));
  return [Math.max(0, first), next < 0 ? tokens.length : next];
}

function beginsDeclaration(tokens: readonly Token[], n: number): boolean {
  const token = tokens[n];
  const next = tokens[n + 1];
  if (!token || token.column > 1 || !isDeclarationKeyword(token.kind) || tokens[n - 1]?.line === token.line)
    return false;
  // A name may be missing yet; what is given a value is no declaration.
  return !next || next.line !== token.line || !assigns.has(next.kind);
}

const assigns: ReadonlySet<string> = new Set(["=", "+=", "*=", ":=", ":"]);

/** The names with which items begin that follow in the brackets of the cursor: `heads` and `p` of `{|, heads, p: 0.1}`. */
export function namesBehind({ after }: Cursor): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [n, { kind, text }] of after.entries()) {
    if (kind === "(" || kind === "[" || kind === "{") depth += 1;
    else if (kind === ")" || kind === "]" || kind === "}") depth -= 1;
    else if (depth === 0 && isAnyName(kind) && after[n - 1]?.kind === ",") names.push(text);
    if (depth < 0) break;
  }
  return names;
}
