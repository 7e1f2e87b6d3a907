/** Programs in which control decides what is computed, each small, all sizes of one program different. */
export const programs = {
  "layers that alternate": `
    block Layer[seq, d]{heads, band}(x: f32[batch, seq, d], i: int) -> f32[batch, seq, d] {
      x += x |> ln: LayerNorm |> attn: Attention{heads}(mask: causal & (if i % 2 == 0 then true else window(band)))
      return x
    }
    model M[seq]{d = 6, depth = 4, heads = 3, band = 2}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      repeat i < depth { x = x |> h[i]: Layer{heads, band}(i) }
      return x
    }
    config even = M{}
    config odd = M{depth: 5}
    config one = M{depth: 1}
    config none = M{depth: 0}`,
  "a shift in every second block": `
    block Block[h, w, d]{win, shift}(x: f32[batch, h, w, d]) -> f32[batch, h, w, d] where shift < win {
      return x |> up: Linear{out: d + 2} |> roll[h: -shift] |> down: Linear{out: d}
    }
    block Stage[h, w, d]{depth, win}(x: f32[batch, h, w, d]) -> f32[batch, h, w, d] {
      repeat i < depth { x = x |> blocks[i]: Block{win, shift: if i % 2 == 0 | h <= win then 0 else win // 2} }
      return x
    }
    model M{high = 6, wide = 5, d = 3, win = 4}(x: f32[batch, h: high, w: wide, d]) -> f32[batch, h: high, w: wide, d] {
      return x |> stage[0]: Stage{depth: 2, win} |> stage[1]: Stage{depth: 3, win}
    }
    config m = M{}
    config small = M{high: 4}`,
  "groups of layers that share their weights": `
    model M[seq]{d = 5, depth = 6, groups = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] where depth % groups == 0 {
      repeat i < depth { x = x |> group[i * groups // depth]: FFN{ff: 7} }
      return x
    }
    config three = M{}
    config one = M{groups: 1}
    config all = M{groups: 6}
    config four = M{groups: 4, depth: 8}
    check params(three) == 246
    check params(one) == 82
    check params(all) == 492
    weights M from "someone/m" { group[i].(up down) = "groups.{i}.{}" }`,
  "a table that the first layer alone has": `
    block Layer[seq, d]{first}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      if first {
        param gain: f32[d] = normal(0.5)
        x = x * gain
      }
      return x |> proj: Linear{out: d}
    }
    model M[seq]{d = 5, depth = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      repeat i < depth { x = x |> h[i]: Layer{first: i == 0} }
      return x
    }
    config m = M{}
    check params(m) == 95`,
  "a table that every second layer has": `
    block Layer[seq, d]{first}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      if first {
        param gain: f32[d] = normal(0.5)
        x = x * gain
      }
      return x |> proj: Linear{out: d}
    }
    model M[seq]{d = 5, depth = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      repeat i < depth { x = x |> h[i]: Layer{first: i % 2 == 0} }
      return x
    }
    config m = M{}
    check params(m) == 130`,
  "a block as an entry": `
    block PreNorm[d]{Norm: block = LayerNorm, Body}(x: f32[.., d]) -> f32[.., d] {
      return x + (x |> norm: Norm |> body: Body)
    }
    block Both[d]{Norm}(x: f32[.., d]) -> f32[.., d] {
      return x |> a: PreNorm{Norm, Body: FFN{ff: 3 * d}} |> b: PreNorm{Body: GLU{ff: 7}}
    }
    model M[seq]{d = 5, Norm = LayerNorm}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      return x |> first: Both{Norm} |> second: Both{Norm: RMSNorm{eps: 1e-3}}
    }
    config m = M{}
    config other = M{Norm: RMSNorm{eps: 1e-6}}
    check params(m) == 585
    check params(other) == 580`,
  "several results": `
    block Cell[d](x: f32[batch, d], h: f32[batch, d], c: f32[batch, d]) -> f32[batch, d], f32[batch, d] {
      keep = x + h |> keep: Linear{out: d} |> sigmoid
      c = c * keep + (1.0 - keep) * (x |> new: Linear{out: d} |> tanh)
      return tanh(c), c
    }
    model M[seq]{d = 5}(x: f32[batch, seq, d]) -> f32[batch, seq, d], f32[batch, d] where seq >= 3 {
      h, c = x[seq: 0] |> first: Cell(x[seq: 1], x[seq: 2])
      h, c = x[seq: 1] |> second: Cell(h, c)
      return x + h, c
    }
    task answer() on M as x, p -> f32[batch, seq], f32[batch, seq] {
      start = sum[d](x |> start: Linear{out: d})
      end = sum[d](x |> end: Linear{out: d}) * mean[d](p)
      loss mean(start * start)
      loss mean(end * end)
      return start, end
    }
    task pooled() on M as x, p -> f32[batch, d] { return p }
    config m = M{}`,
  "a recurrent decoder": `
    block Gate[e]{hidden}(x: f32[batch, e], h: f32[batch, hidden]) -> f32[batch, hidden] {
      z = sigmoid((x |> xz: Linear{out: hidden}) + (h |> hz: Linear{out: hidden, bias: false}))
      c = tanh((x |> xc: Linear{out: hidden}) + (z * h |> hc: Linear{out: hidden, bias: false}))
      return (1.0 - z) * h + z * c
    }
    block Decoder[src, tgt, e, n]{hidden}(y: f32[batch, tgt, e], memory: f32[batch, src, n], keep: bool[batch, src]) -> f32[batch, tgt, hidden] {
      param v: f32[hidden] = normal(0.5)
      wm = memory |> wm: Linear{out: hidden, bias: false}
      first = mean[src](memory) |> first: Linear{out: hidden} |> tanh
      return scan[tgt](yt = y, h = first) {
        score = dot[hidden](tanh(wm + (h |> wh: Linear{out: hidden})), v)
        c = dot[src](softmax[src](select(keep, score, -inf)), memory)
        h = concat[f](yt[e -> f], c[n -> f]) |> cell: Gate{hidden}(h)
        yield h
      }
    }
    model M[src, tgt]{d = 6, n = 7, hidden = 4}(y: f32[batch, tgt, d], memory: f32[batch, src, n], keep: bool[batch, src]) -> f32[batch, tgt, hidden] {
      return y |> decoder: Decoder{hidden}(memory, keep)
    }
    config m = M{}`,
  "sums along an axis, and how many there were": `
    model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d], i32[seq] {
      sums = scan[seq](entry = x, total = x[seq: 0] * 0.0) {
        total = total + entry
        yield total
      }
      counts = scan[seq](at = @seq, n = 0) {
        n = n + 1
        yield n
      }
      return sums, counts
    }
    config m = M{}`,
  "a memory of earlier segments": `
    block Layer[seq, d]{span}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      state mem: f32[batch, m: span, d] = zeros
      ctx = concat[j](mem[m -> j], x[seq -> j])
      mem := ctx[j: -span..][j -> m]
      return x + (x |> attn: Attention{heads: 2}(ctx, mask: k <= q + span & q <= k))
    }
    model M[seq]{d = 4, depth = 3, span = 5}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      repeat i < depth { x = x |> h[i]: Layer{span} }
      return x
    }
    config m = M{}`,
  "a layer with a cell, applied twice": `
    block Times[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      state calls: f32[] = ones
      calls := calls + 1.0
      return x * calls
    }
    model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> a: Times |> a }
    config m = M{}`,
  "cells of every type": `
    block Counter[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      state seen: f32[] = 1.0
      state turn: i32[] = 3
      state odd: bool[batch] = false
      seen := seen + seen
      turn := turn + 1
      odd := !odd
      return select(odd, x * seen, x * real(turn))
    }
    model M[seq]{d = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      return x |> a: Counter |> b: Counter
    }
    config m = M{}`,
  "stages that a config may leave out": `
    block Halve[h, d](x: f32[batch, h, d]) -> f32[batch, h: h / 2, d: 2 * d] where h % 2 == 0 {
      return x |> rearrange[batch (y a) d -> batch y (a d); a = 2] |> mix: Linear{out: 2 * d}
    }
    model M{height = 8, d = 3, second = true, third = true}
        (x: f32[batch, h: height, d]) -> f32[batch, width: if third then 4 * d else if second then 2 * d else d]
        where second | !third {
      if second { x = x |> stage[0]: Halve }
      if third { x = x |> stage[1]: Halve }
      return mean[h](x |> norm: LayerNorm)
    }
    config three = M{}
    config two   = M{third: false}
    config one   = M{second: false, third: false, height: 5}`,
  "axes of one entry": `
    model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
      gate = x |> gate: Linear{out: 1} |> rearrange[.. 1 -> ..]
      wide = x |> rearrange[batch seq (e two) -> batch 1 seq e two; two = 2] |> rearrange[batch 1 n e two -> batch n 1 (e two)]
      return gate * (wide |> rearrange[batch n 1 e -> batch n e])[n -> seq]
    }
    config m = M{}`,
  "an input that only one branch reads": `
    model M[seq, turns]{d = 4, turned = false}(x: f32[batch, seq, d], by: f32[turns, d]) -> f32[batch, seq, d] {
      if turned { x += x * sum[turns](by) }
      return x
    }
    config plain  = M{}
    config turned = M{turned: true}`,
  "tasks with facts of their own, and a weight of the model": `
    outer other
    model M[seq]{d = 4}(x: f32[batch, seq, d], y: f32[other, seq, d]) -> f32[batch, d], f32[other, d] {
      param scale: f32[] = 2.5
      return mean[seq](x), mean[seq](y)
    }
    task match() on M as a, b -> f32[batch, other] { return scale * dot[d](a, b) }
    task pair() on M as a, b -> f32[] where batch == other {
      cost = contrastive(scale * dot[d](a, b))
      loss cost
      return cost
    }
    config m = M{}`,
  "a mask that looks at what is said of a query and of a key": `
    model M[seq]{d = 4, heads = 2}(x: f32[batch, seq, d], of: i32[batch, seq], keep: bool[batch, seq]) -> f32[batch, seq, d] {
      return x |> attn: Attention{heads}(mask: keep[seq: k] & of[seq: q] == of[seq: k])
    }
    config m = M{}`,
} as const;

export type ProgramName = keyof typeof programs;
