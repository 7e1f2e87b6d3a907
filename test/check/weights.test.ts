import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

const model = `
  model M{d = 64}(x: f32[batch, d]) -> f32[batch, d] {
    return x |> up: Linear{out: 4 * d} |> down: Linear{out: d} |> norm: LayerNorm
  }

  config m = M{}
`;

describe("weights: what a mistake shows", () => {
  test("weights without a rule", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          up = "c_fc"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W301] no rule gives down.weight, down.bias and 2 more weights a name in "someone/m"
        model.tfm:6  weights M from "someone/m" {
                             ^
        help: give the rest their own names: \`* = "{}"\` at the end"
    `);
  });

  test("a rule without weights", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          upp = "c_fc"
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W302] this rule matches no weight: upp
        model.tfm:7  upp = "c_fc"
                     ^^^ did you mean up?"
    `);
  });

  test("a rule behind the one that takes all", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          * = "{}"
          up = "c_fc"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W302] this rule matches no weight: up
        model.tfm:8  up = "c_fc"
                     ^^"
    `);
  });

  test("two weights of one name", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          up = "proj"
          down = "proj"
          norm = "norm"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W304] up.weight and down.weight both map to "proj.weight"
        model.tfm:8  down = "proj"
                     ^^^^^^^^^^^^^
        model.tfm:7  up = "proj"
                     -----------

      error[W304] up.bias and down.bias both map to "proj.bias"
        model.tfm:8  down = "proj"
                     ^^^^^^^^^^^^^
        model.tfm:7  up = "proj"
                     -----------"
    `);
  });

  test("a layout of other axes", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          layout Linear.weight [input output]
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W303] this layout must name each axis of the weight once: out, d
        model.tfm:7  layout Linear.weight [input output]
                                           ^^^^^^^^^^^^
        help: write \`[out d]\`, in the order of the checkpoint"
    `);
  });

  test("a layout of no block", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          layout Linaer.weight [d out]
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W302] this rule matches no weight: Linaer.weight
        model.tfm:7  layout Linaer.weight [d out]
                            ^^^^^^ did you mean Linear?"
    `);
  });

  test("a stack along no axis", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          (up down) = "fused" stack[width]
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W303] up.weight has no axis \`width\` to stack along
        model.tfm:7  (up down) = "fused" stack[width]
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      error[W303] up.bias has no axis \`width\` to stack along
        model.tfm:7  (up down) = "fused" stack[width]
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      error[W303] down.weight has no axis \`width\` to stack along
        model.tfm:7  (up down) = "fused" stack[width]
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      error[W303] down.bias has no axis \`width\` to stack along
        model.tfm:7  (up down) = "fused" stack[width]
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    `);
  });

  test("a stack in pieces of no number, and in pieces that do not come out", () => {
    expect(
      rendered(
        `
  model M{d = 60, heads = 6, p = 0.1}(x: f32[batch, d]) -> f32[batch, d] {
    return x |> up: Linear{out: 4 * d} |> dropout(p) |> down: Linear{out: d}
  }

  config m = M{}
`,
        `
        weights M from "someone/m" {
          (up down) = "fused" stack[out / head]
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`head\`
        model.tfm:7  (up down) = "fused" stack[out / head]
                                                     ^^^^ did you mean heads?"
    `);
    expect(
      rendered(
        `
  model M{d = 60, heads = 7}(x: f32[batch, d]) -> f32[batch, d] {
    return x |> one: Linear{out: d} |> other: Linear{out: d}
  }

  config m = M{}
`,
        `
        weights M from "someone/m" {
          (one other) = "fused" stack[out / heads]
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W303] heads = 7 does not divide \`out\` of one.weight
        model.tfm:7  (one other) = "fused" stack[out / heads]
                                                       ^^^^^"
    `);
  });

  test("a stack of one", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          up = "fused" stack[out]
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W303] \`stack\` needs a group such as (q k v)
        model.tfm:7  up = "fused" stack[out]
                     ^^^^^^^^^^^^^^^^^^^^^^^"
    `);
  });

  test("groups of different lengths", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          (up down) = "(a b c)"
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W303] 2 weights, 3 names: (a b c)
        model.tfm:7  (up down) = "(a b c)"
                                 ^^^^^^^^^"
    `);
  });

  test("an index that the address does not have", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          up = "h.{i}.up"
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[W303] \`{i}\` in the name of up.weight is no index of its rule
        model.tfm:7  up = "h.{i}.up"
                          ^^^^^^^^^^"
    `);
  });

  test("an input that the model does not have", () => {
    expect(
      rendered(
        model,
        `
        weights M from "someone/m" {
          * = "{}"
          input ids = "input_ids"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`ids\`
        model.tfm:8  input ids = "input_ids"
                           ^^^"
    `);
  });

  test("weights of no model", () => {
    expect(
      rendered(`
        weights N from "someone/n" { * = "{}" }
      `),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`N\`
        model.tfm:1  weights N from "someone/n" { * = "{}" }
                             ^"
    `);
  });

  test("rules for a config.json that name what is not there", () => {
    expect(
      rendered(
        model,
        `
        task lm() on M as x -> f32[batch, d] { return x }
        weights M from "someone/m" {
          task ml = "ForLM"
          model N = "N"
          config dd = "hidden_size", d = "a" else 4 * f
          config d = "b[" is {"x": gelu_tan}
          expect "c" | size("d") = 1 when ("d" |> relu)
          ignore config "e..f"
          * = "{}"
        }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`ml\`
        model.tfm:8  task ml = "ForLM"
                          ^^ did you mean lm?

      error[N102] unknown name \`N\`
        model.tfm:9  model N = "N"
                           ^

      error[N101] unknown config \`dd\` for M
        model.tfm:10  config dd = "hidden_size", d = "a" else 4 * f
                             ^^ did you mean d?
        M has: d

      error[N102] unknown name \`f\`
        model.tfm:10  config dd = "hidden_size", d = "a" else 4 * f
                                                                  ^

      error[N104] \`config d\` is declared twice
        model.tfm:11  config d = "b[" is {"x": gelu_tan}
                             ^
        model.tfm:10  config dd = "hidden_size", d = "a" else 4 * f
                                                 - first said here

      error[W303] "b[" is no path into a config.json
        model.tfm:11  config d = "b[" is {"x": gelu_tan}
                                 ^^^^
        help: a path is like \`"rope_parameters.rope_theta"\`, \`"depths[0]"\` or \`"layer_types[1::2]"\`

      error[N102] unknown name \`gelu_tan\`
        model.tfm:11  config d = "b[" is {"x": gelu_tan}
                                               ^^^^^^^^ did you mean gelu_tanh?

      error[C502] a config.json does not tell this
        model.tfm:12  expect "c" | size("d") = 1 when ("d" |> relu)
                                   ^^^^^^^^^
        help: write fields as strings, entries, arithmetic, \`|\` for the first that is there, or \`count("field")\`

      error[C502] a config.json does not tell this
        model.tfm:12  expect "c" | size("d") = 1 when ("d" |> relu)
                                                       ^^^^^^^^^^^
        help: write fields as strings, entries, arithmetic, \`|\` for the first that is there, or \`count("field")\`

      error[W303] "e..f" is no path into a config.json
        model.tfm:13  ignore config "e..f"
                                    ^^^^^^
        help: a path is like \`"rope_parameters.rope_theta"\`, \`"depths[0]"\` or \`"layer_types[1::2]"\`"
    `);
  });
});

describe("tasks of one model", () => {
  const shared = `
    model M[seq]{d = 4, vocab = 9}(ids: i32[seq]) -> f32[seq, d] {
      return ids |> wte: Embedding{size: vocab, d}
    }
  `;

  test("begin where the model ends, whatever another task has added to its layers", () => {
    expect(
      rendered(
        shared,
        `
        task linear() on M as h -> f32[seq, vocab] { return h |> head: Linear{out: vocab} }
        task ffn(m: bool[seq]) on M as h -> f32[seq, d] where vocab == 9 { return h |> head: FFN{ff: 8} }
        task tied() on M as h -> f32[seq, vocab] { return dot[d](h, wte.weight) }
      `,
      ),
    ).toBe("");
  });

  test("say what is wrong with themselves, each its own", () => {
    expect(
      rendered(
        shared,
        `
        task one() on M as h -> f32[seq, d] { return h |> wte: FFN{ff: 8} }
        task two() on M as h -> f32[seq, d] { return h + head }
        task three() on M as h -> f32[seq, vocab] { return h |> head: Linear{out: vocab} }
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[N111] \`wte\` is Embedding{size:vocab,d} already
        model.tfm:4  task one() on M as h -> f32[seq, d] { return h |> wte: FFN{ff: 8} }
                                                                       ^^^^^^^^^^^^^^^
        model.tfm:2  return ids |> wte: Embedding{size: vocab, d}
                                   ------------------------------ first used here
        help: give this layer a label of its own: \`wte_2\`

      error[N102] unknown name \`head\`
        model.tfm:5  task two() on M as h -> f32[seq, d] { return h + head }
                                                                      ^^^^"
    `);
  });
});
