/** What a hover tells, and a small model to put the mouse on. */
import { hover, type HoverOptions } from "../../compiler/ide/index.js";
import { drawn, snapshotOf, withCursor, type Files } from "./drawn.js";

/** What the mouse is on, and under it what is told. */
export function told(
  marked: string,
  options: HoverOptions = {},
  others: Readonly<Record<string, string>> = {},
): string {
  const { text, offset } = withCursor(marked);
  const files: Files = { "main.tfm": text, ...others };
  const found = hover(snapshotOf(files), "main.tfm", offset, { images: false, ...options });
  return found ? `${drawn(text, [found])}\n\n${found.markdown}` : "nothing";
}

/** What is told alone. */
export const text = (marked: string, options?: HoverOptions): string => told(marked, options).replace(/^[^]*?\n\n/, "");

/** A small GPT, with `at` put before the first occurrence of `word`. */
export function gpt(word: string, at = 0): string {
  const source = `## A pre-norm layer.
block Layer[seq, d]{heads, ff, p = 0.1}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  x += x |> ln_1: LayerNorm |> attn: Attention{heads}(mask: causal & window(3)) |> dropout(p)
  h = x |> ln_2: LayerNorm
  return x + (h |> mlp: FFN{ff})
}

model Gpt[seq]{vocab = 1000, ctx = 512, d = 64, depth = 3, heads = 4, ff = 4 * d}
    (ids: i32[batch, seq], keep: bool[batch, seq] = true) -> f32[batch, seq, d] where seq <= ctx {
  param scale: f32[d] = ones
  x = (ids |> wte: Embedding{size: vocab, d}) * scale
  repeat i < depth { x = x |> h[i]: Layer{heads, ff} }
  wide = 2 * d
  return x |> ln_f: LayerNorm
}

## Logits of the next token.
task lm() on Gpt as x -> f32[batch, seq, vocab] {
  logits = dot[d](x, wte.weight)
  loss cross_entropy[vocab](logits[seq: ..-1], ids[seq: 1..])
  return logits
}

config tiny = Gpt{}
config wide = Gpt{d: 96, heads: 6}
check params(tiny.lm) == 214_144

weights Gpt from "someone/gpt" {
  layout Linear.weight [d out]
  h[i].attn.(q k v) = "layers.{i}.attention.qkv" stack[out]
  * = "{}"
}

generate tiny.lm over seq { sample: top_p(0.9), stop: 0 }
`;
  const offset = source.indexOf(word) + at;
  if (offset < at) throw new Error(`no ${word}`);
  return `${source.slice(0, offset)}‸${source.slice(offset)}`;
}
