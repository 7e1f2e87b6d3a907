import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

describe("shapes: what a mistake shows", () => {
  test("a residual of the wrong width", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          x += x |> ln_2: LayerNorm |> up: Linear{out: 4 * d}
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] residual adds 4*d to d
        model.tfm:2  x += x |> ln_2: LayerNorm |> up: Linear{out: 4 * d}
                     ^    ---------------------------------------------- f32[batch, seq, 4*d]
                     f32[batch, seq, d], declared on line 1
        they differ for every d, for instance d = 1: 1 and 4
        help: project back: \`|> down: Linear{out: d}\`"
    `);
  });

  test("a projection that was forgotten", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 16}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          return ids |> token: Embedding{size: vocab, d}
        }

        task lm() on M as x -> f32[batch, seq, vocab] {
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] lm returns f32[batch, seq, d], not f32[batch, seq, vocab]
        model.tfm:6  return x
                            ^ f32[batch, seq, d]
        model.tfm:5  task lm() on M as x -> f32[batch, seq, vocab] {
                                            ---------------------- declared here"
    `);
  });

  test("a result in another order", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, d, seq] {
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] A returns f32[batch, seq, d], not f32[batch, d, seq]
        model.tfm:2  return x
                            ^ f32[batch, seq, d]
        model.tfm:1  block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, d, seq] {
                                                               ------------------ declared here
        help: put the axes in order: \`rearrange[batch seq d -> batch d seq]\`"
    `);
  });

  test("axes that are the same by another name", () => {
    expect(
      rendered(`
        block A[rows, columns](x: f32[batch, rows], y: f32[batch, columns]) -> f32[batch, rows] {
          return x + y
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] this combines axis rows with axis columns
        model.tfm:2  return x + y
                            ^   - f32[batch, columns], declared on line 1
                            f32[batch, rows], declared on line 1
        help: project it: \`|> down: Linear{out: rows}\`"
    `);
  });

  test("an axis of size 1", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d], y: f32[batch, one: 1, d]) -> f32[batch, seq, d] {
          return x + y
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] this combines axis seq with axis one: 1
        model.tfm:2  return x + y
                            ^   - f32[batch, one: 1, d], declared on line 1
                            f32[batch, seq, d], declared on line 1"
    `);
  });

  test("a division that rounds", () => {
    expect(
      rendered(`
        block A[d]{heads}(x: f32[.., d]) -> f32[.., d] {
          return x |> proj: Linear{out: heads * (d // heads)}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] A returns f32[.., heads*(d // heads)], not f32[.., d]
        model.tfm:2  return x |> proj: Linear{out: heads * (d // heads)}
                                                   ^^^^^^^^^^^^^^^^^^^^ this makes it f32[.., heads*(d // heads)]
        model.tfm:1  block A[d]{heads}(x: f32[.., d]) -> f32[.., d] {
                                                         ---------- declared here
        help: write \`out: d\`"
    `);
  });

  test("a tied weight of another width", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, e = 128, d = 768}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          return ids |> word: Embedding{size: vocab, d: e} |> mapping: Linear{out: d}
        }

        task lm() on M as x -> f32[batch, seq, vocab] {
          return dot[d](x, word.weight)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T207] this weight has no axis d: it is f32[vocab, e]
        model.tfm:6  return dot[d](x, word.weight)
                                   -  ^^^^^^^^^^^ the weight of word
                                   f32[batch, seq, d]
        help: project first: \`|> down: Linear{out: e}\`"
    `);
  });

  test("softmax over the batch", () => {
    expect(
      rendered(`
        block A[src, tgt](e: f32[batch, tgt, src]) -> f32[batch, tgt, src] {
          return softmax[batch](e)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T205] softmax would mix over \`batch\`
        model.tfm:2  return softmax[batch](e)
                                    ^^^^^ outer axis: layers may not reduce it
        the operand is f32[batch, tgt, src]
        help: did you mean softmax[src]?"
    `);
  });

  test("a mean over everything", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[] {
          return mean(x)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T205] mean would mix over \`batch\`
        model.tfm:2  return mean(x)
                            ^^^^^^^ outer axis: layers may not reduce it
        the operand is f32[batch, seq, d]
        help: did you mean mean[seq]?"
    `);
  });

  test("a product of one tensor with itself", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, j: seq] {
          return dot[d](x, x)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] A returns f32[batch, seq], not f32[batch, seq, j: seq]
        model.tfm:2  return dot[d](x, x)
                            ^^^^^^^^^^^^ f32[batch, seq]
        model.tfm:1  block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, j: seq] {
                                                               ----------------------- declared here"
    `);
  });

  test("a rearrange that names too few axes", () => {
    expect(
      rendered(`
        block A[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, heads, seq, c: d / heads] {
          return x |> rearrange[seq (heads c) -> heads seq c]
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected 2 axes, found 3 (f32[batch, seq, d])
        model.tfm:2  return x |> rearrange[seq (heads c) -> heads seq c]
                                           ^^^^^^^^^^^^^"
    `);
  });

  test("a rearrange that loses an axis", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq] {
          return x |> rearrange[batch seq d -> batch seq]
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N106] no axis \`d\` in the pattern on the right
        model.tfm:2  return x |> rearrange[batch seq d -> batch seq]
                                                          ^^^^^^^^^"
    `);
  });

  test("a rearrange in another order", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, d, seq] {
          return x |> rearrange[batch d seq -> batch seq d]
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] axis d stands at another place in f32[batch, seq, d]
        model.tfm:2  return x |> rearrange[batch d seq -> batch seq d]
                                                 ^"
    `);
  });

  test("a rearrange without sizes", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> rearrange[batch seq (a b) -> batch seq (b a)]
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected sizes for all but one of a, b, found none
        model.tfm:2  return x |> rearrange[batch seq (a b) -> batch seq (b a)]
                                                     ^^^^^
        help: say the size of one of them after a semicolon: \`; a = ...\`"
    `);
  });

  test("a layer that widens in a repeat", () => {
    expect(
      rendered(`
        block A[d]{depth}(x: f32[.., d]) -> f32[.., d] {
          repeat i < depth { x = x |> h[i]: Linear{out: 2 * d} }
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] x goes in as f32[.., d] and comes out as f32[.., 2*d]
        model.tfm:2  repeat i < depth { x = x |> h[i]: Linear{out: 2 * d} }
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ each turn must keep its type"
    `);
  });

  test("an argument of another rank", () => {
    expect(
      rendered(`
        block A[d](x: f32[batch, d]) -> f32[batch, d] { return x |> norm: LayerNorm }

        block B[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> a: A
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected 2 axes for x, found f32[batch, seq, d]
        model.tfm:4  return x |> a: A
                                 ^^^^
        model.tfm:1  block A[d](x: f32[batch, d]) -> f32[batch, d] { return x |> norm: LayerNorm }
                                   ------------- declared here"
    `);
  });

  test("a concat along an axis that one lacks", () => {
    expect(
      rendered(`
        block A[seq, d](x: f32[batch, seq, d], cls: f32[batch, d]) -> f32[batch, seq + 1, d] {
          return concat[seq](cls, x)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[N106] no axis \`seq\` in f32[batch, d]
        model.tfm:2  return concat[seq](cls, x)
                                   ^^^"
    `);
  });

  test("an index past its axis", () => {
    expect(
      rendered(`
        model M{d = 4}(x: f32[batch, rows: 3, d]) -> f32[batch, d] {
          return x[rows: 5]
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T204] index 5 is past the 3 entries of \`rows\`
        model.tfm:2  return x[rows: 5]
                              ^^^^^^^ f32[batch, rows: 3, d]"
    `);
  });

  test("a linear layer along the sequence", () => {
    expect(
      rendered(`
        model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, d, out: 3] {
          return x |> rearrange[batch seq d -> batch d seq] |> mix: Linear{out: 3}
        }

        config m = M{}
      `),
    ).toMatchInlineSnapshot(`
      "error[T212] mix.weight has an axis of size seq, which only a call knows
        model.tfm:2  return x |> rearrange[batch seq d -> batch d seq] |> mix: Linear{out: 3}
                                                                          ^^^^^^^^^^^^^^^^^^^
        help: a weight's sizes come from the config: rearrange so that a learned layer works along an axis of fixed size"
    `);
  });

  test("a division of an input's size in a model", () => {
    expect(
      rendered(`
        model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, half: seq / 2, d] {
          return x |> rearrange[batch (half two) d -> batch half two d; two = 2] |> sum[two]
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T201] 2 cannot split seq
        model.tfm:2  return x |> rearrange[batch (half two) d -> batch half two d; two = 2] |> sum[two]
                                                 ^^^^^^^^^^ must be exact
        help: add \`where seq % 2 == 0\`"
    `);
  });
});
