import { expect, test } from "vitest";
import { mended, problemsOf } from "./mended.js";

/** What the line with the fix says afterwards, and what is left to say of the file. */
function fixed(text: string): { lines: readonly string[]; left: readonly string[] } {
  const files = new Map([["model.tfm", text]]);
  const [problem] = problemsOf(files);
  if (!problem) throw new Error("the program is right");
  const after = mended(files, problem);
  const before = new Set(text.split("\n"));
  const lines = (after.get("model.tfm") ?? "").split("\n").filter((line) => !before.has(line));
  return { lines, left: problemsOf(after).map(({ code }) => code) };
}

const block = (body: string, head = "block B[seq, d]{ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d]"): string =>
  `${head} {\n  ${body}\n}\n`;

const model = (head: string): string =>
  `${head} {\n  return x |> rearrange[batch (n two) d -> batch n (two d); two = 2]\n}\n`;
const halves = "model M[seq]{d = 8}(x: f32[batch, seq, d]) -> f32[batch, seq / 2, 2 * d]";

test.each([
  ["a fact behind a signature", model(halves), `${halves} where seq % 2 == 0 {`],
  ["one fact more", model(`${halves} where seq <= 64`), `${halves} where seq <= 64, seq % 2 == 0 {`],
  [
    "a layer inside of a larger expression stands in parentheses",
    block(
      "return x + gelu(wide)",
      "block B[seq, d, w](x: f32[batch, seq, d], wide: f32[batch, seq, w]) -> f32[batch, seq, d]",
    ),
    "  return x + (gelu(wide) |> down: Linear{out: d})",
  ],
  ["a conversion of what is in parentheses already", block("return x * (ff + 1)"), "  return x * real(ff + 1)"],
  ["a conversion of one operand of several", block("return 2.0 * x / ff"), "  return 2.0 * x / real(ff)"],
  [
    "an entry in braces that are there",
    block("return x |> mlp: GLU{bias: true}"),
    "  return x |> mlp: GLU{bias: true, ff}",
  ],
  ["an entry in braces that are empty", block("return x |> mlp: GLU{}"), "  return x |> mlp: GLU{ff}"],
  [
    "a misspelt pun keeps its value",
    block("return x |> mlp: GLU{ff, bais: true}"),
    "  return x |> mlp: GLU{ff, bias: true}",
  ],
  ["a return after the last statement", block("y = x |> mlp: GLU{ff}"), "  return y"],
])("%s", (_, text, line) => {
  expect(fixed(text)).toEqual({ lines: [line], left: [] });
});

test("a fact stands before a comment behind a signature, and takes none away that is in it", () => {
  const commented = halves.replace(" ->", "\n  # half as long\n  ->");
  const { lines, left } = fixed(model(`${commented}  # end\n`));
  expect(lines).toEqual(["  -> f32[batch, seq / 2, 2 * d] where seq % 2 == 0  # end"]);
  expect(left).toEqual([]);
});

test("a number that a config gave is changed there, and nothing else", () => {
  const text = `model M[seq]{d = 64, heads = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] where heads <= 8 {
  return x |> attn: Attention{heads}
}
config many = M{d: 64, heads: 16}
`;
  expect(fixed(text)).toEqual({ lines: ["config many = M{d: 64, heads: 8}"], left: [] });
});

test("no fix touches the library", () => {
  const text = block("return x |> attn: Attention{heads: ff}(rotate: rope)") + "config c = B{ff: 3}\n";
  const stray = problemsOf(new Map([["model.tfm", text]])).flatMap(({ fixes }) =>
    fixes.filter(({ file }) => file !== "model.tfm"),
  );
  expect(stray).toEqual([]);
});
