import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

describe("data types: what a mistake shows", () => {
  test("an integer mask", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d], keep: i32[batch, seq]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}(mask: keep[seq: k])
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] a mask must be bool, this is i32
        model.tfm:2  return x |> attn: Attention{heads}(mask: keep[seq: k])
                                                              ^^^^^^^^^^^^
        help: compare it: \`!= 0\`"
    `);
  });

  test("a linear layer on ids", () => {
    expect(
      rendered(`
        model M[seq]{d = 16}(ids: i32[batch, seq]) -> f32[batch, d] {
          return ids |> proj: Linear{out: d}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] Linear needs f32 for \`x\`, this is i32
        model.tfm:2       return ids |> proj: Linear{out: d}
                                        ^^^^^^^^^^^^^^^^^^^^ i32[batch, seq]
        std/layers.tfm:5  block Linear[d]{out, bias = true}(x: f32[.., d]) -> f32[.., out] {
                                                               ---------- f32 is due here
        help: look ids up in a table first: \`|> word: Embedding{size: ..., d: ...}\`"
    `);
  });

  test("an embedding of reals", () => {
    expect(
      rendered(`
        model M[seq]{d = 16}(x: f32[batch, seq]) -> f32[batch, seq, d] {
          return x |> token: Embedding{size: 100, d}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] Embedding needs i32 for \`ids\`, this is f32
        model.tfm:1        model M[seq]{d = 16}(x: f32[batch, seq]) -> f32[batch, seq, d] {
                                                   ^^^ declared here
        model.tfm:2        return x |> token: Embedding{size: 100, d}
                                       ------------------------------ f32[batch, seq]
        std/layers.tfm:13  block Embedding{size, d}(ids: i32[..]) -> f32[.., d] {
                                                         ------- i32 is due here
        help: declare \`x: i32[batch, seq]\`"
    `);
  });

  test("a sum of reals and integers", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d], n: i32[batch, seq]) -> f32[batch, seq, d] {
          return x + n
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] \`+\` of f32 and i32
        model.tfm:2  return x + n
                            -   ^ i32[batch, seq]
                            f32[batch, seq, d]
        help: write \`real(n)\`"
    `);
  });

  test("a size as a real number", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x * d
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] expected f32, this is a whole number
        model.tfm:2  return x * d
                                ^
        help: write \`real(d)\`"
    `);
  });

  test("a number where a function is due", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> mlp: FFN{act: 3}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] FFN's \`act\` is a function, this is a whole number
        model.tfm:2  return x |> mlp: FFN{act: 3}
                                               ^"
    `);
  });

  test("a number where a truth value is due", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |> proj: Linear{out: d, bias: 0}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[D401] Linear's \`bias\` is a truth value, this is a whole number
        model.tfm:2  return x |> proj: Linear{out: d, bias: 0}
                                                            ^"
    `);
  });

  test("a condition that is a tensor", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          if x > 0.0 { return x }
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected a condition known at compile time, found a tensor
        model.tfm:2  if x > 0.0 { return x }
                        ^^^^^^^
        help: use \`if ... then ... else ...\` or select(...)"
    `);
  });
});
