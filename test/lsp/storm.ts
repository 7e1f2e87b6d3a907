/** Edits as no one makes them: any range, also ones that are not there, and any text, also such as is no text. */
import type { Position, Range } from "vscode-languageserver-protocol";
import type { Random } from "../fuzz/random.js";

const pieces = ["x", " ", "\n", "\r\n", "\r", "{", "}", "(", "]", '"', "#", "## doc\n", "|>", "->", "\ud800", "\udc00", "😀", "\u0000", "\u2028",
  "block A(x: f32[d]) -> f32[d] {\n  return x\n}\n", "config c = M{d: 3}\n", 'import { y } from "./b.tfm"\n', "  y = x |> Linear{out: 3}\n", "é", "\t"]; // prettier-ignore

export function anyPosition(random: Random, lines: number): Position {
  const line = random.below(10) === 0 ? random.pick([-1, lines + 5, 2 ** 31 - 1]) : random.below(lines + 1);
  return { line, character: random.below(10) === 0 ? random.pick([-1, 1000, 2 ** 31 - 1]) : random.below(40) };
}

/** Mostly small; sometimes the ends are the wrong way round. */
export function anyRange(random: Random, lines: number): Range {
  const start = anyPosition(random, lines);
  const end =
    random.below(3) === 0 ? anyPosition(random, lines) : { ...start, character: start.character + random.below(3) };
  return { start, end };
}

export const anyText = (random: Random): string => (random.below(3) === 0 ? "" : random.pick(pieces));
