/** Mends for habits from other languages, by the tokens around the one that does not belong. */
import type { Token } from "../tokens.js";

/** By the two tokens before and at the mistake, when nothing stands between them. */
const pairs: ReadonlyMap<string, string> = new Map([
  ["&&", "write a single `&`"],
  ["||", "write a single `|`"],
  ["**", "`^` raises to a power"],
  ["===", "write `==`"],
  ["=>", "write `->`"],
  ["...", "write `..`"],
  ["-=", "write `x = x - ...`"],
  ["/=", "write `x = x / ...`"],
]);

/** By the word before the mistake. */
const wordsBefore: ReadonlyMap<string, string> = new Map([
  ["let", "a value is bound by `name = expression`"],
  ["const", "a value is bound by `name = expression`"],
  ["var", "a value is bound by `name = expression`"],
  ["def", "a function starts with `fn`, what owns weights with `block`"],
  ["function", "a function starts with `fn`"],
  ["class", "what owns weights starts with `block`"],
  ["for", "a loop is `repeat i < count { ... }`"],
  ["while", "a loop is `repeat i < count { ... }`"],
  ["not", "write `!`"],
]);

const wordsAt: ReadonlyMap<string, string> = new Map([
  [";", "nothing separates statements"],
  ["and", "write `&`"],
  ["or", "write `|`"],
  ["fn", "functions are declared outside of any body"],
  ["import", "imports are declared outside of any body"],
]);

/** One help for a mistake at `found`, if what stands before it on its line tells what was meant. */
export function adviceFor(onLine: readonly Token[], previous: Token, found: Token): string | undefined {
  const pair = previous.end === found.start ? pairs.get(previous.text + found.text) : undefined;
  const isComment = onLine.some(({ kind }) => kind === "//") || found.kind === "//";
  return (
    pair ??
    wordsAt.get(found.text) ??
    wordsBefore.get(previous.text) ??
    (isComment ? "a comment starts with `#`; `//` divides and rounds down" : undefined)
  );
}
