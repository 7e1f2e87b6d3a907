import { expect, test } from "vitest";
import { documentSymbols, workspaceSymbols, type DocumentSymbol } from "../../compiler/ide/index.js";
import { snapshotOf } from "./drawn.js";

const text = `block Layer[seq, d]{heads, ff = 4 * d}(x: f32[batch, seq, d], keep: bool[batch, seq]) -> f32[batch, seq, d] {
  param scale: f32[d] = ones
  x += x |> norm[0]: LayerNorm |> attn: Attention{heads}(mask: padding(keep))
  return scale * (x |> norm[1]: LayerNorm |> mlp: FFN{ff})
}

block Wide = Layer{ff: 99}
mask near(size: int) = q - k < size
fn half(x: f32[..]) -> f32[..] = 0.5 * x
block Broken[d]{{

config tiny = Tiny{
  heads: 6
}
check params(tiny) == 5
weights Tiny from "someone/tiny" { * = "{}" }
generate tiny.lm over seq { sample: greedy }
quantize tiny { head = none }
`;

const lines = (symbols: readonly DocumentSymbol[], indent = ""): string[] =>
  symbols.flatMap(({ kind, name, detail, children }) => [
    `${indent}${kind} ${name} ${detail}`.trimEnd(),
    ...lines(children, `${indent}  `),
  ]);

test("the outline of a file, with what each definition is made of", () => {
  expect(lines(documentSymbols(snapshotOf(text), "main.tfm")).join("\n")).toMatchInlineSnapshot(`
    "block Layer [seq, d]{heads, ff = 4 * d}(x: f32[batch, seq, d], keep: bool[batch, seq]) -> f32[batch, seq, d]
      entry heads
      entry ff 4 * d
      input x f32[batch, seq, d]
      input keep bool[batch, seq]
      weight scale f32[d] = ones
      layer norm[0] LayerNorm
      layer attn Attention{heads}(mask: padding(keep))
      layer norm[1] LayerNorm
      layer mlp FFN{ff}
    alias Wide Layer{ff: 99}
    mask near (size: int) = q - k < size
      input size int
    function half (x: f32[..]) -> f32[..]
      input x f32[..]
    config tiny Tiny{heads: 6}
    check check params(tiny) == 5
    weights weights Tiny "someone/tiny"
    run generate tiny.lm over seq
    compression quantize tiny"
  `);
});

test("names are within what they name", () => {
  const check = ({ span, nameSpan, children, name }: DocumentSymbol): void => {
    expect(span.start <= nameSpan.start && nameSpan.end <= span.end, name).toBe(true);
    children.forEach(check);
  };
  documentSymbols(snapshotOf(text), "main.tfm").forEach(check);
});

test("the project's declarations come before the library's, the nearest first", () => {
  const files = {
    "main.tfm": `import { Attend } from "more.tfm"\n${text}`,
    "more.tfm": "block Attend = Attention{bias: false}\n",
  };
  const found = (query: string): string[] =>
    workspaceSymbols([snapshotOf(files), snapshotOf(files, "more.tfm")], query).map(
      ({ kind, name, file }) => `${kind} ${name} ${file}`,
    );
  expect(found("attend")).toMatchInlineSnapshot(`
    [
      "alias Attend more.tfm",
    ]
  `);
  expect(found("lyr").slice(0, 3)).toMatchInlineSnapshot(`
    [
      "block Layer main.tfm",
      "block LayerNorm std/layers.tfm",
      "function leaky_relu std/functions.tfm",
    ]
  `);
  expect(found("nothing like it")).toEqual([]);
  expect(found("").length).toBeGreaterThan(50);
});
