/** Mends for habits from other languages, by the tokens around the one that does not belong. */
import type { SyntaxFix } from "../syntax-problem.js";
import type { Token } from "../tokens.js";

export interface Advice {
  readonly help: string;
  readonly fix?: SyntaxFix;
}

/** What is said, and what is to stand there instead, where that is all there is to do. */
type Mend = readonly [help: string, instead?: string];

/** By the two tokens before and at the mistake, when nothing stands between them. */
const pairs: ReadonlyMap<string, Mend> = new Map<string, Mend>([
  ["&&", ["write a single `&`", "&"]],
  ["||", ["write a single `|`", "|"]],
  ["**", ["`^` raises to a power", "^"]],
  ["===", ["write `==`", "=="]],
  ["=>", ["write `->`", "->"]],
  ["...", ["write `..`", ".."]],
  ["-=", ["write `x = x - ...`"]],
  ["/=", ["write `x = x / ...`"]],
]);

/** By the word before the mistake. */
const wordsBefore: ReadonlyMap<string, Mend> = new Map<string, Mend>([
  ["let", ["a value is bound by `name = expression`", ""]],
  ["const", ["a value is bound by `name = expression`", ""]],
  ["var", ["a value is bound by `name = expression`", ""]],
  ["def", ["a function starts with `fn`, what owns weights with `block`"]],
  ["function", ["a function starts with `fn`", "fn "]],
  ["class", ["what owns weights starts with `block`", "block "]],
  ["for", ["a loop is `repeat i < count { ... }`"]],
  ["while", ["a loop is `repeat i < count { ... }`"]],
  ["not", ["write `!`", "!"]],
]);

const wordsAt: ReadonlyMap<string, Mend> = new Map<string, Mend>([
  [";", ["nothing separates statements", ""]],
  ["and", ["write `&`", "&"]],
  ["or", ["write `|`", "|"]],
  ["fn", ["functions are declared outside of any body"]],
  ["import", ["imports are declared outside of any body"]],
]);

/** One help for a mistake at `found`, if what stands before it on its line tells what was meant. */
export function adviceFor(onLine: readonly Token[], previous: Token, found: Token): Advice | undefined {
  const pair = previous.end === found.start ? pairs.get(previous.text + found.text) : undefined;
  if (pair) return advice(pair, previous.start, found.end);
  const at = wordsAt.get(found.text);
  if (at) return advice(at, found.start, found.end);
  const before = wordsBefore.get(previous.text);
  if (before) return advice(before, previous.start, found.start);
  const isComment = onLine.some(({ kind }) => kind === "//") || found.kind === "//";
  return isComment ? { help: "a comment starts with `#`; `//` divides and rounds down" } : undefined;
}

const advice = ([help, text]: Mend, start: number, end: number): Advice =>
  text === undefined ? { help } : { help, fix: { span: { start, end }, text } };
