/** A model that names are looked for in. */
export const layer = `block Layer[seq, d]{heads, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  x += x |> norm_1: LayerNorm |> attn: Attention{heads}(mask: causal)
  return x + (x |> norm_2: LayerNorm |> mlp: FFN{ff})
}
`;

export const tiny = `model Tiny[seq]{vocab = 50, d = 12, depth = 2, heads = 3, ff = 4 * d}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
  x = ids |> embed: Embedding{size: vocab, d}
  repeat i < depth { x = x |> h[i]: Layer{heads, ff} }
  return x
}

task lm() on Tiny as x -> f32[batch, seq, vocab] {
  return dot[d](x, embed.weight)
}

config tiny = Tiny{heads: 6}
`;
