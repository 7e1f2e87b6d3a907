import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

describe("syntax: what a mistake shows", () => {
  test("a body that is not closed", () => {
    expect(
      rendered(`
        model M[seq]{d = 64}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> norm: LayerNorm
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected a statement or "}", found the end of the file
        model.tfm:2  return x |> norm: LayerNorm
                                                ^
        help: the "{" of line 1 is not closed"
    `);
  });

  test("an expression that the end of the file cuts", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x +
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected an expression, found the end of the file
        model.tfm:2  return x +
                               ^"
    `);
  });

  test("a pipe to nothing", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          return x |>
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected a layer or a function, found "}"
        model.tfm:2  return x |>
                                ^"
    `);
  });

  test("semicolons", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          y = x;
          return y
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected an operator, a statement or "}", found ";"
        model.tfm:2  y = x;
                          ^
        help: nothing separates statements"
    `);
  });

  test("a comment of another language", () => {
    expect(
      rendered(`
        // layers
        block A[d](x: f32[.., d]) -> f32[.., d] { return x }
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected a declaration, found "//"
        model.tfm:1  // layers
                     ^^
        help: a comment starts with \`#\`; \`//\` divides and rounds down"
    `);
  });

  test("a loop of another language", () => {
    expect(
      rendered(`
        block A[d]{n}(x: f32[.., d]) -> f32[.., d] {
          for i in range(n) { x = x |> h[i]: FFN }
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected "=", found "i"
        model.tfm:2  for i in range(n) { x = x |> h[i]: FFN }
                         ^
        help: a loop is \`repeat i < count { ... }\`"
    `);
  });

  test("a block with a lower-case name", () => {
    expect(
      rendered(`
        block layer[d](x: f32[.., d]) -> f32[.., d] { return x }
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected an upper-case name, found "layer"
        model.tfm:1  block layer[d](x: f32[.., d]) -> f32[.., d] { return x }
                           ^^^^^
        help: blocks and models start with an upper-case letter"
    `);
  });

  test("python", () => {
    expect(
      rendered(`
        class GPT(nn.Module):
            def forward(self, x):
                return x
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected a declaration, found "class"
        model.tfm:1  class GPT(nn.Module):
                     ^^^^^
        help: a file holds import, outer, block, model, task, fn, mask, score, config, check, weights, train, generate, quantize and prune"
    `);
  });

  test("one broken declaration among right and wrong ones", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] { return x + }

        block B[d](x: f32[.., d]) -> f32[.., d] { return x |> a: A }

        block C[d](x: f32[.., d]) -> f32[.., d] { return y }
      `),
    ).toMatchInlineSnapshot(`
      "error[S001] expected an expression, found "}"
        model.tfm:1  block A[d](x: f32[.., d]) -> f32[.., d] { return x + }
                                                                          ^

      error[N102] unknown name \`y\`
        model.tfm:5  block C[d](x: f32[.., d]) -> f32[.., d] { return y }
                                                                      ^"
    `);
  });
});
