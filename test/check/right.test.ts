import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

/** Programs that must be understood, each for one thing that a checker could get wrong. */
const programs: Readonly<Record<string, string>> = {
  "heads split and merge for every number that divides": `
    block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      y = x |> rearrange[batch seq (heads c) -> batch heads seq c]
      return y |> rearrange[batch heads seq c -> batch seq (heads c)]
    }`,
  "an exact division multiplied back": `
    block A[d]{heads}(x: f32[.., d]) -> f32[.., d] { return x |> proj: Linear{out: heads * (d / heads)} }`,
  "a floor of a multiple": `
    block A[n]{d}(x: f32[batch, n, d]) -> f32[batch, n, d: 6 * d // 2] { return x |> proj: Linear{out: 3 * d} }`,
  "grouped queries": `
    model M[seq]{d = 64, heads = 8, kv_heads = 2}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      return x |> attn: Attention{heads, kv_heads}(mask: causal)
    }
    config grouped = M{}
    config one     = M{kv_heads: 1}
    config all     = M{kv_heads: 8}`,
  "a head dim of its own": `
    model M[seq]{d = 64, heads = 4, head_dim = 24}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      return x |> attn: Attention{heads, head_dim, qk_norm: true}(mask: causal, rotate: rope(base: 1e6))
    }
    config m = M{}`,
  "entries of tasks, which a config sets as it sets the model's": `
    model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x }
    task text{classes = 2}() on M as x -> f32[batch, classes] { return x[seq: 0] |> head: Linear{out: classes} }
    task tokens{classes = 3, bias = true}() on M as x -> f32[batch, seq, classes] { return x |> tags: Linear{out: classes, bias} }
    config two   = M{}
    config seven = M{classes: 7, bias: false}
    config wide  = M{d: 5, classes: 2 * d}
    check params(two.text) == 10
    check params(two.tokens) == 15
    check params(seven.text) == 35
    check params(seven.tokens) == 28
    check params(wide.tokens) == 60`,
  "an entry that the model and a task have is the model's": `
    model M[seq]{d = 4, n = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, n] { return x |> a: Linear{out: n, bias: false} }
    task t{n = 7}() on M as x -> f32[batch, seq, n] { return x |> b: Linear{out: n, bias: false} }
    config m = M{n: 5}
    check params(m.t) == 55`,
  "a layer that is there only where two widths differ": `
    model M[seq]{d = 4, e = d}(x: f32[batch, seq, e]) -> f32[batch, seq, d] {
      h = if e == d then x else (x |> widen: Linear{out: d})
      if e != d { y = x |> again: Linear{out: d} } else { y = x }
      return h + y
    }
    config same  = M{}
    config wider = M{e: 3}
    check params(same) == 0
    check params(wider) == 32`,
  "shifted logits and labels": `
    model M[seq]{vocab = 10, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] { return ids |> e: Embedding{size: vocab, d} }
    task lm() on M as x -> f32[batch, seq, vocab] {
      logits = dot[d](x, e.weight)
      loss cross_entropy[vocab](logits[seq: ..-1], ids[seq: 1..], smoothing: 0.1)
      return logits
    }
    config m = M{}
    generate m.lm over seq { stop: [0, 2], sample: min_p(0.1, temperature: 0.7) }`,
  "positions that a where keeps inside their table": `
    model M[seq]{ctx = 16, d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] where seq <= ctx {
      return x + (@seq |> position: Embedding{size: ctx, d})
    }
    config m = M{}`,
  "positions with an offset, as RoBERTa has them": `
    model M[seq]{ctx = 18, pad = 1, d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] where seq + pad < ctx {
      return x + (@seq + pad + 1 |> position: Embedding{size: ctx, d})
    }
    config m = M{}`,
  "a relative bias within its table": `
    model M[seq]{d = 8, heads = 2, ctx = 16}(x: f32[batch, seq, d]) -> f32[batch, seq, d] where seq <= ctx {
      param bias: f32[offset: 2 * ctx - 1, heads] = zeros
      return x |> attn: Attention{heads}(score: s + bias[q - k + ctx - 1, head])
    }
    config m = M{}`,
  "a padding mask": `
    model M[seq]{d = 8, heads = 2}(x: f32[batch, seq, d], keep: bool[batch, seq] = true) -> f32[batch, seq, d] {
      return x |> attn: Attention{heads}(mask: keep[seq: k])
    }
    config m = M{}`,
  "cross-attention to another length": `
    model M[src, tgt]{d = 8, heads = 2}(x: f32[batch, tgt, d], ctx: f32[batch, src, d], keep: bool[batch, src]) -> f32[batch, tgt, d] {
      return x |> cross: Attention{heads}(ctx, mask: keep[src: k])
    }
    config m = M{}`,
  "masks and scores as an algebra": `
    mask strided(l: int) = q - k < l | (q - k) % l == 0
    score alibi(heads: int) = s - 2.0 ^ (-8.0 * real(head + 1) / real(heads)) * real(abs(q - k))
    model M[seq]{d = 8, heads = 2}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      return x |> attn: Attention{heads}(mask: causal & (strided(4) | !(k > 2)), score: s |> softcap(50.0) |> alibi(heads))
    }
    config m = M{}`,
  "one query for every key of a group, without a copy": `
    block A[g, r, i, j, c](a: f32[batch, g, r, i, c], b: f32[batch, g, j, c]) -> f32[batch, g, r, i, c] {
      return attend[i, j](a, b, b) { scale: c ^ -0.5, mask: causal }
    }`,
  "post-norm, where the residual is normalised": `
    block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      return x + (x |> attn: Attention{heads}) |> norm: LayerNorm
    }`,
  "layers that share their weights": `
    model M[seq]{d = 8, depth = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      x = x |> first: FFN |> first
      repeat i < depth { x = x |> group[0]: FFN }
      return x
    }
    config m = M{}
    check params(m) == 1_104`,
  "stages of layers": `
    block Stage[d]{n}(x: f32[.., d]) -> f32[.., d] {
      repeat j < n { x = x |> blocks[j]: FFN }
      return x
    }
    model M[seq]{d = 8, stages = 2, n = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      repeat i < stages { x = x |> stage[i]: Stage{n} }
      return x |> norm[0]: LayerNorm |> norm[1]: RMSNorm
    }
    config m = M{}`,
  "no layers at all": `
    model M[seq]{d = 8, depth = 0}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      repeat i < depth { x = x |> h[i]: FFN }
      return x
    }
    config m = M{}`,
  "alternatives by a config": `
    block A[d]{ff, gated}(x: f32[.., d]) -> f32[.., d] {
      if gated { h = (x |> gate: Linear{out: ff} |> silu) * (x |> up: Linear{out: ff}) }
      else { h = x |> up: Linear{out: ff} |> relu }
      return h |> down: Linear{out: d}
    }
    model M{d = 8, gated = false}(x: f32[batch, d]) -> f32[batch, d] { return x |> a: A{ff: 2 * d, gated} }
    config plain = M{}
    config gated = M{gated: true}
    check params(plain) == 280
    check params(gated) == 424`,
  "a weight tied to another place": `
    model M[seq]{vocab = 10, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, vocab] {
      x = ids |> e: Embedding{size: vocab, d}
      return dot[d](x * real(d) ^ -0.5, e.weight)
    }
    config m = M{}
    check params(m) == 40`,
  "broadcasting by name in the middle": `
    block A[seq, d](x: f32[batch, seq, d], gain: f32[d], shift: f32[seq]) -> f32[batch, seq, d] { return x * gain + shift }`,
  "an outer product, spelt out": `
    block A[seq, d](x: f32[seq], y: f32[d]) -> f32[seq, d] { return dot[](x, y) }`,
  "a class token before the sequence": `
    block A[seq, d](x: f32[batch, seq, d], cls: f32[batch, seq: 1, d]) -> f32[batch, n: seq + 1, d] {
      return concat[seq](cls, x)
    }`,
  "patches of an image": `
    model M{image = 32, patch = 4, d = 16}(pixels: f32[batch, rgb: 3, y: image, x: image]) -> f32[batch, d] where image % patch == 0 {
      t = pixels |> rearrange[batch rgb (py a) (px b) -> batch (n: py px) (e: a b rgb); a = patch, b = patch]
      return mean[n](t |> embed: Linear{out: d})
    }
    config m = M{}
    config large = M{image: 224, patch: 16}`,
  "windows of a feature map": `
    block A[h, w, d]{win}(x: f32[batch, h, w, d]) -> f32[batch, h, w, d] where h % win == 0, w % win == 0 {
      y = x |> rearrange[batch (wy iy) (wx ix) d -> batch wy wx (n: iy ix) d; iy = win, ix = win]
      return y |> rearrange[batch wy wx (iy ix) d -> batch (h: wy iy) (w: wx ix) d; iy = win]
    }`,
  "a function with an argument to come": `
    fn leaky(x: f32[..], slope: real) -> f32[..] = max(x, slope * x)
    block A[d](x: f32[.., d]) -> f32[.., d] { return x |> mlp: FFN{act: leaky(slope: 0.01)} |> leaky(0.2) }`,
  "another name for a block": `
    block Plain = Linear{bias: false}
    model M{d = 8}(x: f32[batch, d]) -> f32[batch, d] { return x |> a: Plain{out: d} }
    config m = M{}
    check params(m) == 64`,
  "a declaration of one's own before the library's": `
    fn gelu(x: f32[..]) -> f32[..] = x * sigmoid(1.6 * x)
    block A[d](x: f32[.., d]) -> f32[.., d] { return x |> gelu }`,
  "names that are keywords elsewhere": `
    block A[d]{stack, layout}(mask: f32[.., d], score: f32[.., d]) -> f32[.., d] {
      config = mask + score
      return config |> task: Linear{out: stack} |> train: Linear{out: layout} |> over: Linear{out: d}
    }`,
  "a task with a config and inputs of its own": `
    model M[seq]{d = 8}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> norm: LayerNorm }
    task classify{classes = 2}(label: i32[batch]) on M as x -> f32[batch, classes] {
      logits = x[seq: 0] |> head: Linear{out: classes}
      loss cross_entropy[classes](logits, label)
      return logits
    }
    config m = M{}
    check params(m.classify) == 34`,
  "weights of another naming": `
    model M[seq]{d = 8, depth = 2}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      repeat i < depth { x = x |> h[i]: Attention{heads: 2}(mask: causal) }
      return x |> norm: LayerNorm
    }
    config m = M{}
    weights M from "someone/m" {
      prefix "model."
      layout Linear.weight [d out]
      leaf LayerNorm.weight = "weight" | "gamma"
      h[i].(q k v) = "layers.{i}.qkv" stack[out]
      h[i].o = "layers.{i}.out"
      * = "{}"
      ignore "layers.{i}.mask", "head.*"
      input x = "inputs_embeds"
    }`,
};

describe("programs that are right", () => {
  test.each(Object.entries(programs))("%s", (_, program) => {
    expect(rendered(program)).toBe("");
  });
});
