import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

const model = `
  model M[seq]{d = 768, heads = 12, kv_heads = heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] where heads <= 64 {
    return x |> attn: Attention{heads, kv_heads}(mask: causal)
  }

  task hidden() on M as x -> f32[batch, seq, d] { return x }
`;

describe("configs: what a mistake shows", () => {
  test("heads: 10 for d = 768", () => {
    expect(rendered(model, "config mini = M{heads: 10}")).toMatchInlineSnapshot(`
      "error[T201] heads = 10 cannot split d = 768
        model.tfm:6  config mini = M{heads: 10}
                                     ^^^^^^^^^ 10 comes from here
        model.tfm:1  model M[seq]{d = 768, heads = 12, kv_heads = heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d] where heads <= 64 {
                                  ------- 768 is this default
        \`d / heads\` must be exact (std/attention.tfm:10)
        via attn
        help: write \`heads: 12\` (8, 12 and 16 divide 768)"
    `);
  });

  test("kv_heads: 5 for 32 heads", () => {
    expect(rendered(model, "config odd = M{d: 4096, heads: 32, kv_heads: 5}")).toMatchInlineSnapshot(`
      "error[T203] kv_heads = 5 does not divide heads = 32
        model.tfm:6  config odd = M{d: 4096, heads: 32, kv_heads: 5}
                                             ---------  ^^^^^^^^^^^ kv_heads = 5 comes from here
                                             heads = 32 comes from here
        required by \`where heads % kv_heads == 0\` (std/attention.tfm:13)
        help: write \`kv_heads: 4\` (1, 2, 4, 8, 16 and 32 divide 32)"
    `);
  });

  test("a fact of the model's that does not hold", () => {
    expect(rendered(model, "config many = M{heads: 96}")).toMatchInlineSnapshot(`
      "error[T203] M requires heads <= 64, with heads = 96
        model.tfm:6  config many = M{heads: 96}
                                     ^^^^^^^^^ heads = 96 comes from here
        required by \`where heads <= 64\` (model.tfm:1)
        help: write \`heads: 64\`"
    `);
  });

  test("a misspelt entry", () => {
    expect(rendered(model, "config m = M{head: 8}")).toMatchInlineSnapshot(`
      "error[N101] unknown config \`head\` for M
        model.tfm:6  config m = M{head: 8}
                                  ^^^^ did you mean heads?
        M has: d, heads, kv_heads"
    `);
  });

  test("a misspelt entry of a task", () => {
    const task =
      "task classify{classes = 2}() on M as x -> f32[batch, classes] { return x[seq: 0] |> head: Linear{out: classes} }";
    expect(rendered(model, task, "config m = M{clases: 8}")).toMatchInlineSnapshot(`
      "error[N101] unknown config \`clases\` for M
        model.tfm:7  config m = M{clases: 8}
                                  ^^^^^^ did you mean classes?
        M has: d, heads, kv_heads, classes"
    `);
    expect(rendered(model, task, task.replace("classify", "again"), "config m = M{classes: 0.5}"))
      .toMatchInlineSnapshot(`
      "error[D401] classify's \`classes\` is a whole number, this is a real number
        model.tfm:8  config m = M{classes: 0.5}
                                           ^^^"
    `);
  });

  test("an entry given twice", () => {
    expect(rendered(model, "config m = M{heads: 8, heads: 16}")).toMatchInlineSnapshot(`
      "error[N104] \`heads\` is declared twice
        model.tfm:6  config m = M{heads: 8, heads: 16}
                                            ^^^^^"
    `);
  });

  test("a real number for a size", () => {
    expect(rendered(model, "config m = M{d: 7.5}")).toMatchInlineSnapshot(`
      "error[D401] M's \`d\` is a whole number, this is a real number
        model.tfm:6  config m = M{d: 7.5}
                                     ^^^"
    `);
  });

  test("a negative size", () => {
    expect(rendered(model, "config m = M{d: -768}")).toMatchInlineSnapshot(`
      "error[T211] attn.q.weight would have an axis of size d = -768
        model.tfm:6  config m = M{d: -768}
                                  ^^^^^^^ d = -768
        help: sizes are at least 1"
    `);
  });

  test("no heads", () => {
    expect(rendered(model, "config m = M{heads: 0}")).toMatchInlineSnapshot(`
      "error[T208] expected a divisor that is not 0, found 0
        model.tfm:2           return x |> attn: Attention{heads, kv_heads}(mask: causal)
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        std/attention.tfm:10  heads, kv_heads = heads, head_dim = d / heads, bias = true, out_bias = bias, scale = head_dim ^ -0.5, qk_norm = false,
                                                                      -----
        via attn"
    `);
  });

  test("a size that no computer has", () => {
    expect(rendered(model, "config m = M{d: 99999999999999999999}")).toMatchInlineSnapshot(`
      "error[T208] expected a whole number below 2^53, found 99999999999999999999
        model.tfm:6  config m = M{d: 99999999999999999999}
                                     ^^^^^^^^^^^^^^^^^^^^"
    `);
  });

  test("a config of no model", () => {
    expect(rendered(model, "config m = N{}")).toMatchInlineSnapshot(`
      "error[N102] unknown name \`N\`
        model.tfm:6  config m = N{}
                                ^"
    `);
  });

  test("an entry that has no default", () => {
    expect(
      rendered(`
        model M[seq]{d}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x }

        config m = M{}
      `),
    ).toMatchInlineSnapshot(`
      "error[N108] M needs \`d\`
        model.tfm:3  config m = M{}
                                ^
        help: pass it: M{d: ...}"
    `);
  });

  test("a parameter count that is another", () => {
    expect(
      rendered(
        model,
        `
        config m = M{}
        check params(m.hidden) == 2_359_296
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[C501] the check fails: params(m.hidden) is 2_362_368, not 2_359_296
        model.tfm:7  check params(m.hidden) == 2_359_296
                                               ^^^^^^^^^
        help: write \`2_362_368\`"
    `);
  });

  test("a check of a task that is not there", () => {
    expect(
      rendered(
        model,
        `
        config m = M{}
        check params(m.hiden) == 2_362_368
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[N102] unknown name \`hiden\`
        model.tfm:7  check params(m.hiden) == 2_362_368
                                    ^^^^^ did you mean hidden?"
    `);
  });

  test("a check of something else", () => {
    expect(
      rendered(
        model,
        `
        config m = M{}
        check flops(m) == 10
      `,
      ),
    ).toMatchInlineSnapshot(`
      "error[C502] a check knows whole numbers, their sums and products, and \`params(config)\` or \`params(config.task)\`
        model.tfm:7  check flops(m) == 10
                           ^^^^^^^^"
    `);
  });

  test("a default that uses a later entry", () => {
    expect(
      rendered(`
        model M[seq]{heads = d / 64, d = 768}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
          return x |> attn: Attention{heads}
        }

        config m = M{}
      `),
    ).toMatchInlineSnapshot(`
      "error[N113] \`heads\` builds on \`d\`, which is declared after it
        model.tfm:1  model M[seq]{heads = d / 64, d = 768}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
                                          ^       ------- declared here
        help: move \`heads = d / 64\` behind \`d\`"
    `);
  });
});
