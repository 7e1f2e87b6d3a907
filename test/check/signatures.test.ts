import { describe, expect, test } from "vitest";
import { problemsOf } from "../mistakes/mended.js";
import { rendered } from "./rendered.js";

const said = (text: string): string[] =>
  problemsOf(new Map([["model.tfm", text]])).map(({ code, message }) => `${code} ${message}`);

describe("signatures: what a mistake shows", () => {
  test("a size that only an input tells which may be left out", () => {
    expect(
      rendered(`
        model M[seq, src]{d = 64}(x: f32[batch, seq, d], keep: bool[batch, src] = true) -> f32[batch, seq, d] {
          return x
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T210] no input of M tells the size \`src\`
        model.tfm:1  model M[seq, src]{d = 64}(x: f32[batch, seq, d], keep: bool[batch, src] = true) -> f32[batch, seq, d] {
                                  ^^^                                 ----------------------------- may be left out
        help: take its default away, so that \`keep\` is always given"
    `);
  });

  test("a default that has the axis tells it", () => {
    const text = `
      model M[seq, m]{d = 64, heads = 4}(x: f32[batch, seq, d], memory: f32[batch, m, d] = x[seq -> m]) -> f32[batch, seq, d] {
        return x |> attn: Attention{heads}(memory)
      }`;
    expect(said(text).filter((each) => each.startsWith("T210"))).toEqual([]);
  });

  test("a function that does not return what it says is told so itself, and nobody who calls it", () => {
    const model = `
      model M[n]{d = 4}(x: f32[batch, n, d]) -> f32[batch, n, d] {
        return x |> up: Linear{out: 2 * d} |> halves |> down: Linear{out: 2 * d} |> halves
      }`;
    const halves = `${model}
      fn halves[d](x: f32[.., d]) -> f32[.., d: d / 2] where d % 2 == 0 {
        return x`;
    expect(said(`${halves}\n}`)).toEqual(["T202 halves returns f32[.., d], not f32[.., d: d / 2]"]);
    expect(said(halves).map((each) => each.slice(0, 4))).toEqual(["S001"]);
    // What only a call can tell is told of the call.
    const given = `
      fn through[d](f: fn, x: f32[.., d]) -> f32[.., d: 3 * d] = f(x)
      model M[n]{d = 4}(x: f32[batch, n, d]) -> f32[batch, n, d] {
        return through(relu, x) |> down: Linear{out: d}
      }`;
    expect(said(given)).toHaveLength(1);
  });

  const residual = `
    block Residual[n, d]{Inner: block}(x: f32[batch, n, d]) -> f32[batch, n, d] {
      return x + (x |> inner: Inner)
    }`;

  test("a block given as an entry that never keeps the shape", () => {
    expect(
      rendered(
        residual,
        `
        block Wide[d](x: f32[.., d]) -> f32[.., 2 * d] {
          return x |> up: Linear{out: 2 * d}
        }
        block Layer[n, d](x: f32[batch, n, d]) -> f32[batch, n, d] {
          return x |> wide: Residual{Inner: Wide}
        }
        model M[n]{d = 4}(x: f32[batch, n, d]) -> f32[batch, n, d] {
          return x |> layer: Layer
        }
        config m = M{}
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[T202] Inner must keep the shape: Wide makes f32[.., 2*d] of f32[.., d]
        model.tfm:8  return x |> wide: Residual{Inner: Wide}
                                                       ^^^^"
    `);
  });

  test.each(["Linear{out: d}", "FFN", "LayerNorm", "GLU{ff: 3}", "Other"])("one that may keep it: %s", (block) => {
    const text = `${residual}
      block Other = Linear{out: 4}
      model M[n]{d = 4}(x: f32[batch, n, d]) -> f32[batch, n, d] where d == 4 {
        return x |> layer: Residual{Inner: ${block}}
      }
      config m = M{}`;
    expect(said(text)).toEqual([]);
  });

  test("masks that contain each other, and functions that do", () => {
    expect(said("mask a = b & k < 4\nmask b = a | k <= q")).toEqual(["N109 a contains itself"]);
    expect(said("mask b = a | k <= q\nmask a = b & k < 4")).toEqual(["N109 a contains itself"]);
    expect(
      said(
        "fn f(x: f32[..]) -> f32[..] = g(x)\nfn g(x: f32[..]) -> f32[..] = f(x) + h(x)\nfn h(x: f32[..]) -> f32[..] = h(x)",
      ),
    ).toEqual(["N109 f contains itself", "N109 h contains itself"]);
  });

  test("a layer with a label, called", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 64}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          x = token: Embedding{size: vocab, d}(ids)
          return 2.0 * x |> norm: LayerNorm
        }

        task lm() on M as x -> f32[batch, seq, vocab] {
          return dot[d](x, token.weight)
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected a value, found the layer Embedding, which is applied with |>
        model.tfm:2  x = token: Embedding{size: vocab, d}(ids)
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: write \`ids |> token: Embedding{size: vocab, d}\`"
    `);
  });
});
