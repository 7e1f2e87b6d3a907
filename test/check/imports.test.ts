import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

describe("imports: what a mistake shows", () => {
  test("a file that is not there", () => {
    expect(
      rendered(`
        import { Layer } from "layer.tfm"
        block A[d](x: f32[.., d]) -> f32[.., d] { return x |> layer: Layer }
      `),
    ).toMatchInlineSnapshot(`
      "error[N105] import "layer.tfm" cannot be read
        model.tfm:1  import { Layer } from "layer.tfm"
                                           ^^^^^^^^^^^"
    `);
  });

  test("a file outside of the project", () => {
    expect(
      rendered(`
        import { Layer } from "../../etc/layer.tfm"
      `),
    ).toMatchInlineSnapshot(`
      "error[N105] import "../../etc/layer.tfm" lies outside the project
        model.tfm:1  import { Layer } from "../../etc/layer.tfm"
                                           ^^^^^^^^^^^^^^^^^^^^^
        help: import "std", or a .tfm file of the project by its path from here"
    `);
  });

  test("a file that is none of the language", () => {
    expect(
      rendered(`
        import { Layer } from "layer.py"
      `),
    ).toMatchInlineSnapshot(`
      "error[N105] import "layer.py" is not a .tfm file
        model.tfm:1  import { Layer } from "layer.py"
                                           ^^^^^^^^^^
        help: import "std", or a path that ends in .tfm"
    `);
  });

  test("a misspelt name of the standard library", () => {
    expect(
      rendered(`
        import { Atention } from "std"
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`Atention\`
        model.tfm:1  import { Atention } from "std"
                              ^^^^^^^^ std has no such name
        help: did you mean Attention?"
    `);
  });

  test("a misspelt name of a file", () => {
    expect(
      rendered({
        "main.tfm": `
          import { Layr } from "layer.tfm"
        `,
        "layer.tfm": `
          block Layer[d](x: f32[.., d]) -> f32[.., d] { return x }
        `,
      }),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`Layr\`
        main.tfm:1  import { Layr } from "layer.tfm"
                             ^^^^ layer.tfm does not declare it
        help: did you mean Layer?"
    `);
  });

  test("a cycle", () => {
    expect(
      rendered({
        "main.tfm": `
          import { B } from "b.tfm"
          block A[d](x: f32[.., d]) -> f32[.., d] { return x |> b: B }
        `,
        "b.tfm": `
          import { A } from "main.tfm"
          block B[d](x: f32[.., d]) -> f32[.., d] { return x |> norm: LayerNorm }
        `,
      }),
    ).toMatchInlineSnapshot(`
      "error[N103] import cycle: main.tfm -> b.tfm -> main.tfm
        b.tfm:1  import { A } from "main.tfm"
                                   ^^^^^^^^^^
        help: move what both need into a third file"
    `);
  });

  test("a mistake in a file that is imported", () => {
    expect(
      rendered({
        "main.tfm": `
          import { B } from "b.tfm"
          block A[d](x: f32[.., d]) -> f32[.., d] { return x |> b: B }
        `,
        "b.tfm": `
          block B[d](x: f32[.., d]) -> f32[.., d] {
            return x |> up: Linear{out: 2 * d}
          }
        `,
      }),
    ).toMatchInlineSnapshot(`
      "error[T202] B returns f32[.., 2*d], not f32[.., d]
        b.tfm:2  return x |> up: Linear{out: 2 * d}
                                             ^^^^^ this makes it f32[.., 2*d]
        b.tfm:1  block B[d](x: f32[.., d]) -> f32[.., d] {
                                              ---------- declared here
        help: write \`out: d\`"
    `);
  });
});
