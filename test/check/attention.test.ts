import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

describe("attention: what a mistake shows", () => {
  test("a mask that looks up the wrong side", () => {
    expect(
      rendered(`
        block A[tgt, src, d]{heads}(x: f32[batch, tgt, d], ctx: f32[batch, src, d], keep: bool[batch, src]) -> f32[batch, tgt, d] {
          return x |> cross: Attention{heads}(ctx, mask: keep[src: q])
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T206] this mask looks up the wrong side
        model.tfm:2  return x |> cross: Attention{heads}(ctx, mask: keep[src: q])
                                                                              ^ q runs over the queries; this axis is src
        the table is bool[batch, src]
        help: index keys instead: \`keep[src: k]\`"
    `);
  });

  test("a mask that is not indexed", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d], keep: bool[batch, seq]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(mask: keep)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] the mask has axis seq, the scores run over queries (q) and keys (k)
        model.tfm:2  return x |> attn: Attention{heads}(mask: keep)
                                                              ^^^^
        help: write \`keep[seq: k]\`"
    `);
  });

  test("a mask passed where the context is due", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(causal)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected a tensor for \`ctx\` of Attention, found a mask or score
        model.tfm:2  return x |> attn: Attention{heads}(causal)
                                                        ^^^^^^
        help: pass it by name: \`mask: causal\`"
    `);
  });

  test("a window without its width", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(mask: window)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N108] window needs \`w\`
        model.tfm:2  return x |> attn: Attention{heads}(mask: window)
                                                              ^^^^^^
        help: write window(w)"
    `);
  });

  test("a mask as a score", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(score: causal)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] a score must be f32, this is bool
        model.tfm:2  return x |> attn: Attention{heads}(score: causal)
                                                               ^^^^^^"
    `);
  });

  test("a context of another width", () => {
    expect(
      rendered(`
        block A[tgt, src, d, e]{heads}(x: f32[batch, tgt, d], ctx: f32[batch, src, e]) -> f32[batch, tgt, d] {
          return x |> cross: Attention{heads}(ctx)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] Attention needs d where ctx has e
        model.tfm:2           return x |> cross: Attention{heads}(ctx)
                                                                  ^^^ f32[batch, src, e]
        std/attention.tfm:12  }(x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true, score: score[i, j] = s, rotate: fn = id)
                                                                  - declared here
        help: project it: \`|> down: Linear{out: d}\`"
    `);
  });

  test("one axis for queries and keys", () => {
    expect(
      rendered(`
        block A[seq, c](x: f32[batch, seq, c]) -> f32[batch, seq, c] {
          return attend[seq, seq](x, x, x) { mask: causal }
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T209] axis \`seq\` would stand twice in the scores
        model.tfm:2  return attend[seq, seq](x, x, x) { mask: causal }
                                        ^^^
        help: give the keys and values an axis of their own: \`[seq -> j]\`"
    `);
  });

  test("a clause that attend does not have", () => {
    expect(
      rendered(`
        block A[seq, c](x: f32[batch, seq, c]) -> f32[batch, seq, c] {
          y = x[seq -> j]
          return attend[seq, j](x, y, y) { msk: causal }
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N101] unknown config \`msk\` for attend
        model.tfm:3  return attend[seq, j](x, y, y) { msk: causal }
                                                      ^^^ did you mean mask?
        attend has: scale, score, mask, dropout, cache"
    `);
  });

  test("positions of the attention outside of it", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x * real(q)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`q\`
        model.tfm:2  return x * real(q)
                                     ^"
    `);
  });

  test("positions past their table", () => {
    expect(
      rendered(`
        model M[seq]{ctx = 1024, d = 64}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          return (ids |> wte: Embedding{size: 100, d}) + (@seq |> wpe: Embedding{size: ctx, d})
        }

        config m = M{}
      `),
    ).toMatchInlineSnapshot(`
      "error[T204] indices 0..seq - 1 may run past ctx entries
        model.tfm:2        return (ids |> wte: Embedding{size: 100, d}) + (@seq |> wpe: Embedding{size: ctx, d})
                                                                           ^^^^                         --- the table's size
        std/layers.tfm:15  return weight[size: ids]
                                         --------- looked up here
        via wpe
        help: add \`where seq <= ctx\`"
    `);
  });

  test("an odd number of channels for rope", () => {
    expect(
      rendered(`
        model M[seq]{d = 6, heads = 2}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(rotate: rope)
        }

        config m = M{}
      `),
    ).toMatchInlineSnapshot(`
      "error[T203] 2*heads = 4 does not divide d = 6
        model.tfm:1  model M[seq]{d = 6, heads = 2}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
                                  -----  ^^^^^^^^^ heads = 2 is this default
                                  d = 6 is this default
        required by \`where width % 2 == 0\` (std/positions.tfm:6)
        via attn
        help: write \`heads = 3\`"
    `);
  });

  test("a mask of unknown names that nothing uses", () => {
    expect(
      rendered(`
        mask wrong = nosuch <= q
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`nosuch\`
        model.tfm:1  mask wrong = nosuch <= q
                                  ^^^^^^"
    `);
  });

  test("a mask that is no condition", () => {
    expect(
      rendered(`
        mask wrong = q + 1
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] a mask must be bool, this is i32
        model.tfm:1  mask wrong = q + 1
                                  ^^^^^
        help: compare it: \`!= 0\`"
    `);
  });

  test("a score that is a condition", () => {
    expect(
      rendered(`
        score bad = k <= q
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] a score must be f32, this is bool
        model.tfm:1  score bad = k <= q
                                 ^^^^^^"
    `);
  });

  test("a mask that is made of itself", () => {
    expect(
      rendered(`
        mask round = round & causal
      `),
    ).toMatchInlineSnapshot(`
      "error[N109] round contains itself
        model.tfm:1  mask round = round & causal
                                  ^^^^^"
    `);
  });

  test("a mistake in a mask is one, however often it is used", () => {
    expect(
      rendered(`
        mask wrong = windw(4)
        mask more = wrong & causal
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(mask: more)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`windw\`
        model.tfm:1  mask wrong = windw(4)
                                  ^^^^^ did you mean window?"
    `);
  });

  test("masks and scores of every kind are right where nothing uses them", () => {
    expect(
      rendered(`
        mask on(always: bool) = always
        mask both(a: mask, b: mask) = a & b
        mask prefix_lm(n: int) = causal | prefix(n)
        mask packed(document: i32[.., n]) = causal & same(document)
        mask known(ids: i32[.., n], pad: int) = ids[n: k] != pad
        mask any(keep: i32[..]) = keep[seq: k] == 0
        mask either(at: int) = if at < 3 then k <= q else k < q
        score biased(table: f32[rel, heads], w: int) = s + table[q - k + w, head]
        score soft(c: real, heads: int) = s |> softcap(c) |> alibi(heads)
      `),
    ).toMatchInlineSnapshot(`""`);
  });
});
