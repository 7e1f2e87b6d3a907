import { expect, test } from "vitest";
import { codeLenses } from "../../compiler/ide/index.js";
import { drawn, snapshotOf } from "./drawn.js";

const shown = (text: string): string => {
  const lenses = codeLenses(snapshotOf(text), "main.tfm");
  return drawn(
    text,
    lenses.map(({ span, kind, title }) => ({ span, label: `${kind}: ${title}` })),
  );
};

const decoder = `model Decoder[seq]{vocab = 1000, d = 64, heads = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
  return ids |> token: Embedding{size: vocab, d} |> attn: Attention{heads}(mask: causal)
}

task lm() on Decoder as x -> f32[batch, seq, vocab] {
  return dot[d](x, token.weight)
}

config small = Decoder{}
config large = Decoder{d: 8192, heads: 64, vocab: 2_000_000}
`;

test("what a config weighs; what can be done with a model", () => {
  expect(shown(decoder)).toMatchInlineSnapshot(`
    "model Decoder[seq]{vocab = 1000, d = 64, heads = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          ^^^^^^^ compile: Compile to TypeScript
          ^^^^^^^ graph: Show the architecture
    config small = Decoder{}
           ^^^^^ size: 80,640 parameters · 323 KB as f32
    config large = Decoder{d: 8192, heads: 64, vocab: 2_000_000}
           ^^^^^ size: 16,652,468,224 parameters · 66.6 GB as f32"
  `);
});

test("what generating keeps for each token", () => {
  expect(shown(`${decoder}generate small.lm over seq { sample: greedy }\n`)).toContain(
    "size: 80,640 parameters · 323 KB as f32 · KV cache 512 bytes a token",
  );
});

test("no numbers for what has mistakes", () => {
  expect(shown(`${decoder}config wrong = Decoder{d: 65}\nconfig strange = Decoder{depth: 2}\n`)).toBe(shown(decoder));
});
