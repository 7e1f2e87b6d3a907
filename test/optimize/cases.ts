/** Small models that give the passes something to do, each for a reason. */
export interface Case {
  readonly name: string;
  readonly text: string;
}

const onIds = (name: string, config: string, body: string, task = "return x", result = "f32[batch, seq, d]"): Case => ({
  name,
  text: `
    fn wave(x: f32[..]) -> f32[..] = sin(x) * x
    model M[seq]{vocab = 9, d = 4${config}}(ids: i32[batch, seq]) -> f32[batch, seq, d] where seq <= 8 {
      x = ids |> wte: Embedding{size: vocab, d}
      ${body}
      return x
    }
    task t() on M as x -> ${result} { ${task} }`,
});

export const cases: readonly Case[] = [
  onIds(
    "two layers without a bias, then one with",
    "",
    "x = x |> a: Linear{out: 6, bias: false} |> b: Linear{out: 5, bias: false} |> c: Linear{out: d}",
  ),
  onIds(
    "a head that is the embedding, which must stay as it is",
    "",
    "",
    "return dot[d](x, wte.weight)",
    "f32[batch, seq, vocab]",
  ),
  onIds(
    "a weight that is also multiplied from the other side",
    ", e = 3",
    "x = x |> a: Linear{out: e}\n x = dot[e](x, a.weight)",
  ),
  onIds(
    "a product that is read twice, once with a bias added",
    "",
    "y = x |> a: Linear{out: d, bias: false}\n param b: f32[d] = normal(0.5)\n x = y + b + y",
  ),
  onIds("layers that share their weights", "", "x = x |> a: Linear{out: d} |> gelu\n x = x |> a"),
  onIds(
    "layers in a loop within a loop",
    ", n = 2",
    "repeat i < n {\n x = x |> a[i]: Linear{out: d}\n repeat j < 3 { x += x |> b[j]: FFN{ff: 3} }\n }",
  ),
  onIds("listed layers, of one kind", "", "x = x |> a[0]: Linear{out: d} |> a[1]: Linear{out: d}"),
  onIds(
    "renames there and back",
    "",
    "y = x[seq -> n]\n x = y[n -> seq] + x\n repeat i < 2 { x = x[seq -> m][m -> seq] }",
  ),
  onIds(
    "views of views",
    "",
    "x = x |> rearrange[batch seq (u v) -> batch seq u v; u = 2] |> rearrange[batch seq u v -> batch seq v u] |> rearrange[batch seq v u -> batch seq (v u)]",
  ),
  onIds(
    "a view that is read twice",
    "",
    "y = x |> rearrange[batch seq (u v) -> batch u seq v; u = 2]\n z = y |> rearrange[batch u seq v -> batch seq (u v)]\n w = y |> rearrange[batch u seq v -> batch seq (v u)]\n x = x + z * w",
  ),
  onIds("attention, causal", "", "x += x |> n: LayerNorm |> a: Attention{heads: 2}(mask: causal)"),
  onIds(
    "attention with fewer keys than queries, rotated, a window, capped scores",
    "",
    "x = x |> a: Attention{heads: 6, kv_heads: 3, head_dim: 2, bias: false}(mask: causal & window(2), score: s |> softcap(3.0), rotate: rope)",
  ),
  onIds("attention that sees everything", "", "x = x |> a: Attention{heads: 1}"),
  onIds(
    "attention over normalised queries and keys",
    "",
    "x = x |> a: Attention{heads: 2, qk_norm: true}(mask: causal)",
  ),
  onIds("positions and their table", "", "x += @seq |> wpe: Embedding{size: 8, d}"),
  onIds(
    "tables of positions: the same function of different ones",
    "",
    "a = real(@seq)\n x = x * (wave(a) + wave(3.0 * a))",
  ),
  onIds(
    "a table of two axes, of which one is reduced",
    "",
    "y = x[seq -> n]\n x = x * mean[n](cos(dot[](real(@seq), real(@n))))",
  ),
  onIds("tables in a loop, by its counter", "", "repeat i < 3 { x = x * cos(real(@seq) * (1.0 + real(i))) }"),
  onIds("a gated layer", "", "x = x |> g: GLU{ff: 7}"),
  onIds(
    "scores by relative positions and heads, from tables that are weights",
    ", heads = 2",
    "param near: f32[w: 15, heads] = normal(0.5)\n x = x |> a: Attention{heads}(score: s + near[w: q - k + 7, heads: head])",
  ),
  onIds(
    "scores that fall with the distance, of grouped queries",
    "",
    "x = x |> a: Attention{heads: 6, kv_heads: 2, head_dim: 2}(mask: causal, score: s - real(head) * real(q - k))",
  ),
  {
    name: "a mask of data, through a block in a loop",
    text: `
      block Layer[seq, d](x: f32[batch, seq, d], keep: bool[batch, seq]) -> f32[batch, seq, d] {
        return x + (x |> a: Attention{heads: 2}(mask: keep[seq: k] | k == q))
      }
      model M[seq]{d = 4}(x: f32[batch, seq, d], keep: bool[batch, seq]) -> f32[batch, seq, d] {
        repeat i < 2 { x = x |> h[i]: Layer(keep: keep) }
        return x
      }
      task t() on M as x -> f32[batch, seq, d] { return x * real(if keep then 1 else 2) }`,
  },
  {
    name: "attention to another sequence",
    text: `
      model M[seq, src]{d = 4}(x: f32[batch, seq, d], from: f32[batch, src, d], keep: bool[batch, src]) -> f32[batch, seq, d] {
        return x |> a: Attention{heads: 2}(ctx: from, mask: keep[src: k])
      }
      task t() on M as x -> f32[batch, seq, d] { return x }`,
  },
];
