import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

describe("names: what a mistake shows", () => {
  test("a misspelt value", () => {
    expect(
      rendered(`
        block A[d](hidden: f32[.., d]) -> f32[.., d] {
          return hiden
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`hiden\`
        model.tfm:2  return hiden
                            ^^^^^ did you mean hidden?"
    `);
  });

  test("a misspelt layer", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> norm: LayerNrm
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`LayerNrm\`
        model.tfm:2  return x |> norm: LayerNrm
                                       ^^^^^^^^ did you mean LayerNorm?"
    `);
  });

  test("a misspelt activation", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> mlp: FFN{act: gelue}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`gelue\`
        model.tfm:2  return x |> mlp: FFN{act: gelue}
                                               ^^^^^ did you mean gelu?"
    `);
  });

  test("an axis that no [] declares", () => {
    expect(
      rendered(`
        block A(x: f32[batch, seq]) -> f32[batch, seq] {
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`seq\`
        model.tfm:1  block A(x: f32[batch, seq]) -> f32[batch, seq] {
                                           ^^^ no size has this name
        help: declare it: A[seq]"
    `);
  });

  test("a misspelt axis of a reduction", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, d] {
          return mean[sequence](x)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N106] no axis \`sequence\` in f32[batch, seq, d]
        model.tfm:2  return mean[sequence](x)
                                 ^^^^^^^^"
    `);
  });

  test("a misspelt axis of a position", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x + real(@sq)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N106] no axis \`sq\` in scope
        model.tfm:2  return x + real(@sq)
                                     ^^^ did you mean @seq?"
    `);
  });

  test("a misspelt config entry", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads, kv_head: 8}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N101] unknown config \`kv_head\` for Attention
        model.tfm:2  return x |> attn: Attention{heads, kv_head: 8}
                                                        ^^^^^^^ did you mean kv_heads?
        Attention has: heads, kv_heads, head_dim, bias, out_bias, scale, qk_norm, eps, p"
    `);
  });

  test("a misspelt input", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(msk: causal)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N107] Attention has no input \`msk\`
        model.tfm:2  return x |> attn: Attention{heads}(msk: causal)
                                                        ^^^ did you mean mask?
        Attention takes 5 inputs: x, ctx, mask, score, rotate"
    `);
  });

  test("config passed as data", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention(heads: heads)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N107] Attention has no input \`heads\`
        model.tfm:2  return x |> attn: Attention(heads: heads)
                                                 ^^^^^
        help: config goes in braces: \`Attention{heads}\`"
    `);
  });

  test("config passed as data, by position", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> proj: Linear(d)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected 1 input for Linear (x), found 2, the piped one included
        model.tfm:2  return x |> proj: Linear(d)
                                              ^
        help: config goes in braces: \`Linear{out: d}\`"
    `);
  });

  test("a layer called like a function", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          y = LayerNorm(x)
          return y
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected a value, found the layer LayerNorm, which is applied with |>
        model.tfm:2  y = LayerNorm(x)
                         ^^^^^^^^^^^^
        help: write \`x |> layerNorm: LayerNorm\`"
    `);
  });

  test("a config entry that is needed", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> up: Linear
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N108] Linear needs \`out\`
        model.tfm:2  return x |> up: Linear
                                     ^^^^^^
        help: pass it: Linear{out: ...}"
    `);
  });

  test("no return", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          y = x |> norm: LayerNorm
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N108] A needs \`return\`
        model.tfm:3  }
                     ^
        model.tfm:1  block A[d](x: f32[.., d]) -> f32[.., d] {
                                                  ---------- declared here
        help: end the body with \`return y\`"
    `);
  });

  test("a block within itself", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> a: A
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N109] A contains itself
        model.tfm:2  return x |> a: A
                                    ^
        A > A"
    `);
  });

  test("two blocks within each other", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] { return x |> b: B }
        block B[d](x: f32[.., d]) -> f32[.., d] { return x |> a: A }
      `),
    ).toMatchInlineSnapshot(`
      "error[N109] A contains itself
        model.tfm:2  block B[d](x: f32[.., d]) -> f32[.., d] { return x |> a: A }
                                                                              ^
        A > B > A"
    `);
  });

  test("a name declared twice", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] { return x }
        block A[d](x: f32[.., d]) -> f32[.., d] { return x }
      `),
    ).toMatchInlineSnapshot(`
      "error[N104] \`A\` is declared twice
        model.tfm:2  block A[d](x: f32[.., d]) -> f32[.., d] { return x }
                           ^
        model.tfm:1  block A[d](x: f32[.., d]) -> f32[.., d] { return x }
                           - first declared here"
    `);
  });

  test("a label for two layers", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> proj: Linear{out: 2 * d} |> proj: Linear{out: d}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N111] \`proj\` is Linear{out:2*d} already
        model.tfm:2  return x |> proj: Linear{out: 2 * d} |> proj: Linear{out: d}
                                 ------------------------    ^^^^^^^^^^^^^^^^^^^^
                                 first used here
        help: give this layer a label of its own: \`proj_2\`"
    `);
  });

  test("two layers without labels", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> Linear{out: d} |> relu |> Linear{out: d}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N111] \`weight\` is a weight of Linear already
        model.tfm:2       return x |> Linear{out: d} |> relu |> Linear{out: d}
                                                                ^^^^^^^^^^^^^^
        std/layers.tfm:6  param weight: f32[out, d] = normal(0.02)
                                ------
        help: label the layers, each by a name of its own"
    `);
  });

  test("a label in a repeat that does not count", () => {
    expect(
      rendered(`
        block A[d]{depth}(x: f32[.., d]) -> f32[.., d] {
          repeat i < depth { x = x |> h: FFN }
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N110] every turn of \`i\` would use the one layer \`h\`
        model.tfm:2  repeat i < depth { x = x |> h: FFN }
                                                 ^
        help: write \`h[i]\`, a layer for each turn; h[0] shares one"
    `);
  });

  test("a weight of a layer that it does not have", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 8}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          return ids |> token: Embedding{size: vocab, d}
        }

        task lm() on M as x -> f32[batch, seq, vocab] {
          return dot[d](x, token.wieght)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`token.wieght\`
        model.tfm:6  return dot[d](x, token.wieght)
                                            ^^^^^^ did you mean weight?
        help: token has weight"
    `);
  });

  test("a layer called as a size", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> d: Attention{heads}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N104] \`d\` is declared twice
        model.tfm:2  return x |> d: Attention{heads}
                                 ^ it is a size here
        help: call the layer otherwise: \`d_2\`"
    `);
  });

  test("a layer called as an entry of the config", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> heads: Attention{heads}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N104] \`heads\` is declared twice
        model.tfm:2  return x |> heads: Attention{heads}
                                 ^^^^^ it is a whole number here
        help: call the layer otherwise: \`heads_2\`"
    `);
  });

  test("a list of layers called as a size hides nothing", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          repeat i < 3 { x = x |> d[i]: Attention{heads} }
          return x
        }
      `),
    ).toMatchInlineSnapshot(`""`);
  });
});
