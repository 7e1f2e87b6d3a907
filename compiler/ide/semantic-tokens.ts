/** What each word of a file is, for its colour. */
import type { Span } from "../../grammar/ast.js";
import { endOf, inText, type Placed } from "../../grammar/index.js";
import { scan, type Scanned } from "../../grammar/scan.js";
import { isAnyName, isHardKeyword, isSoftKeyword, type Token } from "../../grammar/tokens.js";
import { occurrencesOfTree } from "./names/occurrences.js";
import type { Occurrence, Symbol } from "./names/symbol.js";
import type { Snapshot, Source } from "./snapshot.js";

/** Those of the protocol, and three of the language's own, each with the one of the protocol that it is most like. */
export const tokenTypes = [
  ...["keyword", "comment", "string", "number", "type", "class", "function", "method", "parameter", "variable"],
  ...["property", "enumMember", "axis", "layer", "weight"],
] as const;

export type TokenType = (typeof tokenTypes)[number];

export const likeTypes: Readonly<Partial<Record<TokenType, string>>> = {
  axis: "typeParameter",
  layer: "property",
  weight: "property",
};

export const tokenModifiers = ["declaration", "readonly", "modification", "documentation", "defaultLibrary"] as const;

export type TokenModifier = (typeof tokenModifiers)[number];

export interface SemanticToken {
  readonly span: Span;
  readonly type: TokenType;
  readonly modifiers: readonly TokenModifier[];
}

/** Of a file, or of the declarations in a part of it, in the order of the text; none spans lines. */
export function semanticTokens(snapshot: Snapshot, file: string, range?: Span): readonly SemanticToken[] {
  const source = snapshot.source(file);
  if (!source) return [];
  return source.sections.flatMap((section): readonly SemanticToken[] => {
    if (range && (endOf(section) <= range.start || range.end <= section.at)) return [];
    return tokensOf(snapshot, source, section).map(({ span, ...token }) => ({
      ...token,
      span: { start: span.start + section.at, end: span.end + section.at },
    }));
  });
}

interface Known {
  readonly lines: Placed["lines"];
  readonly tokens: readonly SemanticToken[];
}

/** By the occurrences, which stay the same as long as the section does, in one layout; offsets count from where the section begins. */
const known = new WeakMap<readonly Occurrence[], Known>();

function tokensOf(snapshot: Snapshot, source: Source, section: Placed): readonly SemanticToken[] {
  const occurrences = occurrencesOfTree(snapshot, source, section);
  const kept = section.declaration && known.get(occurrences);
  const { at, lines } = section;
  if (kept && kept.lines === lines) return kept.tokens;
  const tokens = read(scan(source.text.slice(at, endOf(section))), occurrences, section);
  if (section.declaration) known.set(occurrences, { lines, tokens });
  return tokens;
}

function read(scanned: Scanned, occurrences: readonly Occurrence[], section: Placed): readonly SemanticToken[] {
  const meanings = new Map<number, Occurrence>();
  // Of a pun the first, the caller's own value, is what it looks like.
  for (const occurrence of occurrences) {
    const start = inText(section, occurrence.span.start) - section.at;
    if (!meanings.has(start)) meanings.set(start, occurrence);
  }
  const tokens = scanned.tokens.flatMap((token): SemanticToken[] => {
    const { start, end } = token;
    const looks = lookOf(token, meanings.get(start));
    return looks ? [{ span: { start, end }, ...looks }] : [];
  });
  const comments = scanned.comments.map(({ span, doc }): SemanticToken => ({
    span,
    type: "comment",
    modifiers: doc ? ["documentation"] : [],
  }));
  return [...tokens, ...comments].sort((a, b) => a.span.start - b.span.start);
}

type Look = Omit<SemanticToken, "span">;

function lookOf({ kind, text }: Token, meaning: Occurrence | undefined): Look | undefined {
  if (meaning) return lookOfName(meaning);
  if (kind === "number" || kind === "string") return { type: kind, modifiers: [] };
  if (isHardKeyword(kind) || isSoftKeyword(kind)) return { type: "keyword", modifiers: [] };
  // Not known, or in what cannot be read.
  return isAnyName(kind) ? { type: /^[A-Z]/.test(text) ? "class" : "variable", modifiers: [] } : undefined;
}

function lookOfName({ symbol, role }: Occurrence): Look {
  const { kind, file } = symbol;
  const isLibrary = file.startsWith("std/") || kind === "primitive" || kind === "word";
  const isFixed = ["entry", "size", "counter", "config"].includes(kind) || symbol.owner === "region";
  return {
    type: typeOf(symbol),
    modifiers: [
      ...(role === "declares" ? (["declaration"] as const) : []),
      ...(role === "writes" ? (["modification"] as const) : []),
      ...(isFixed ? (["readonly"] as const) : []),
      ...(isLibrary ? (["defaultLibrary"] as const) : []),
    ],
  };
}

function typeOf({ kind, owner }: Symbol): TokenType {
  switch (kind) {
    case "block":
    case "model":
    case "alias":
      return "class";
    case "function":
    case "mask":
    case "score":
    case "primitive":
      return "function";
    case "task":
      return "method";
    case "config":
      return "enumMember";
    case "entry":
      return "property";
    case "input":
      return "parameter";
    case "value":
    case "state":
    case "counter":
      return "variable";
    case "outer":
    case "size":
    case "axis":
      return "axis";
    case "layer":
    case "weight":
      return kind;
    case "word":
      return owner === "type" ? "type" : owner === "region" || owner === "body" ? "variable" : "property";
  }
}
