/** The kinds of token. A kind is the word or mark itself, or, for tokens of many texts, what they are. */

/** Never a name. */
const hardKeywords = [
  ...["import", "fn", "where", "when", "if", "then", "else", "true", "false"],
  ...["repeat", "param", "return", "yield", "attend", "scan", "rearrange"],
] as const;

/** A keyword only where the grammar asks for it; a name everywhere else. */
const softKeywords = [
  ...[
    "outer",
    "block",
    "model",
    "task",
    "mask",
    "score",
    "config",
    "check",
    "train",
    "generate",
    "weights",
    "quantize",
    "prune",
  ],
  ...["from", "on", "as", "over", "state", "loss", "aux", "stack"],
  ...["layout", "leaf", "ignore", "carry", "prefix", "input", "output", "type", "expect", "is", "null"],
] as const;

const marks = [
  ...["|>", "->", ":=", "+=", "*=", "==", "!=", "<=", ">=", "//", ".."],
  ...["=", "<", ">", "+", "-", "*", "/", "%", "^", "|", "&", "!", "@", ".", ",", ":", ";"],
  ...["(", ")", "[", "]", "{", "}"],
] as const;

export type HardKeyword = (typeof hardKeywords)[number];
export type SoftKeyword = (typeof softKeywords)[number];
export type Mark = (typeof marks)[number];

/** `lower` and `upper` are names by their first letter. `end` stands after the last token. */
export type TokenKind = "lower" | "upper" | "number" | "string" | "end" | HardKeyword | SoftKeyword | Mark;

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Half-open offsets into the file. */
  readonly start: number;
  readonly end: number;
  /** Both from one. No token spans lines. */
  readonly line: number;
  readonly column: number;
}

const hard: ReadonlySet<string> = new Set(hardKeywords);
const soft: ReadonlySet<string> = new Set(softKeywords);
const markSet: ReadonlySet<string> = new Set(marks);

export function isHardKeyword(text: string): text is HardKeyword {
  return hard.has(text);
}

export function isSoftKeyword(text: string): text is SoftKeyword {
  return soft.has(text);
}

export function isMark(text: string): text is Mark {
  return markSet.has(text);
}

/** A name that starts with a lower-case letter or `_`: every value, axis and label, soft keywords among them. */
export function isLowerName(kind: TokenKind): boolean {
  return kind === "lower" || soft.has(kind);
}

export function isAnyName(kind: TokenKind): boolean {
  return kind === "upper" || isLowerName(kind);
}

/** The word a message uses for a kind. */
export function describe(kind: TokenKind): string {
  switch (kind) {
    case "lower":
      return "a name";
    case "upper":
      return "an upper-case name";
    case "number":
      return "a number";
    case "string":
      return "a string";
    case "end":
      return "the end of the file";
    default:
      return `"${kind}"`;
  }
}
