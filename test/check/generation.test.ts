import { describe, expect, test } from "vitest";
import { rendered } from "./rendered.js";

const model = `
  model M[seq]{vocab = 100, d = 8, heads = 2}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
    x = ids |> token: Embedding{size: vocab, d}
    return x |> attn: Attention{heads}(mask: causal)
  }

  task lm() on M as x -> f32[batch, seq, vocab] { return dot[d](x, token.weight) }

  config m = M{}
`;

describe("generation and tasks: what a mistake shows", () => {
  test("attention without a mask", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 8, heads = 2}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          x = ids |> token: Embedding{size: vocab, d}
          return x |> attn: Attention{heads}
        }

        task lm() on M as x -> f32[batch, seq, vocab] { return dot[d](x, token.weight) }

        config m = M{}
        generate m.lm over seq {}
      `),
    ).toMatchInlineSnapshot(`
      "error[G601] m.lm cannot be decoded over \`seq\`: it has \`attend\` without a causal mask along \`seq\`, in attn
        model.tfm:9  generate m.lm over seq {}
                                        ^^^"
    `);
  });

  test("a mean along the sequence", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 8, heads = 2}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          x = ids |> token: Embedding{size: vocab, d}
          return x - mean[seq](x) |> attn: Attention{heads}(mask: causal)
        }

        task lm() on M as x -> f32[batch, seq, vocab] { return dot[d](x, token.weight) }

        config m = M{}
        generate m.lm over seq {}
      `),
    ).toMatchInlineSnapshot(`
      "error[G601] m.lm cannot be decoded over \`seq\`: it has \`mean\` along \`seq\`
        model.tfm:9  generate m.lm over seq {}
                                        ^^^"
    `);
  });

  test("a task that is not there", () => {
    expect(rendered(model, "generate m.ln over seq {}")).toMatchInlineSnapshot(`
      "error[N102] unknown name \`m.ln\`
        model.tfm:9  generate m.ln over seq {}
                                ^^"
    `);
  });

  test("a config that is not there", () => {
    expect(rendered(model, "generate n.lm over seq {}")).toMatchInlineSnapshot(`
      "error[N102] unknown name \`n\`
        model.tfm:9  generate n.lm over seq {}
                              ^"
    `);
  });

  test("an axis that is not there", () => {
    expect(rendered(model, "generate m.lm over sq {}")).toMatchInlineSnapshot(`
      "error[N106] no axis \`sq\` in the inputs of M
        model.tfm:9  generate m.lm over sq {}
                                        ^^"
    `);
  });

  test("no axis", () => {
    expect(rendered(model, "generate m.lm {}")).toMatchInlineSnapshot(`
      "error[N108] generate needs \`over AXIS\`
        model.tfm:9  generate m.lm {}
                     ^^^^^^^^^^^^^^^^
        help: say along which axis it generates: \`over seq\`"
    `);
  });

  test("the batch as the axis", () => {
    expect(rendered(model, "generate m.lm over batch {}")).toMatchInlineSnapshot(`
      "error[G601] m.lm cannot be decoded over \`batch\`: its entries are independent examples
        model.tfm:9  generate m.lm over batch {}
                                        ^^^^^"
    `);
  });

  test("a misspelt setting", () => {
    expect(rendered(model, "generate m.lm over seq { stopp: 3 }")).toMatchInlineSnapshot(`
      "error[N101] unknown config \`stopp\` for generate
        model.tfm:9  generate m.lm over seq { stopp: 3 }
                                              ^^^^^ did you mean stop?"
    `);
  });

  test("a sampler that is not there", () => {
    expect(rendered(model, "generate m.lm over seq { sample: top_q(3) }")).toMatchInlineSnapshot(`
      "error[C502] unknown sampler \`top_q\`
        model.tfm:9  generate m.lm over seq { sample: top_q(3) }
                                                      ^^^^^^^^
        help: one of greedy, top_p, top_k, min_p, temperature"
    `);
  });

  test("a probability above 1", () => {
    expect(rendered(model, "generate m.lm over seq { sample: top_p(1.5) }")).toMatchInlineSnapshot(`
      "error[C502] \`top_p\` must be between 0 and 1, this is 1.5
        model.tfm:9  generate m.lm over seq { sample: top_p(1.5) }
                                                            ^^^"
    `);
  });

  test("a train block", () => {
    expect(rendered(model, "train m.lm { optimizer: adamw(lr: 6e-4) }")).toMatchInlineSnapshot(`
      "warning[U902] \`train\` is checked for syntax only in this version: nothing is compiled from it
        model.tfm:9  train m.lm { optimizer: adamw(lr: 6e-4) }
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    `);
  });

  test("a loss that is not one number", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 8, heads = 2}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          x = ids |> token: Embedding{size: vocab, d}
          return x |> attn: Attention{heads}(mask: causal)
        }

        task lm() on M as x -> f32[batch, seq, vocab] {
          logits = dot[d](x, token.weight)
          loss logits
          return logits
        }

        config m = M{}
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] a loss must be one number, this is f32[batch, seq, vocab]
        model.tfm:8  loss logits
                          ^^^^^^
        help: take its mean(...)"
    `);
  });

  test("a loss of inputs that are not shifted alike", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 8, heads = 2}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          x = ids |> token: Embedding{size: vocab, d}
          return x |> attn: Attention{heads}(mask: causal)
        }

        task lm() on M as x -> f32[batch, seq, vocab] {
          logits = dot[d](x, token.weight)
          loss cross_entropy[vocab](logits, ids[seq: 1..])
          return logits
        }

        config m = M{}
      `),
    ).toMatchInlineSnapshot(`
      "error[T202] \`..\` is [batch, seq] and [batch, seq: seq - 1]
        model.tfm:8  loss cross_entropy[vocab](logits, ids[seq: 1..])
                                                       ^^^^^^^^^^^^^"
    `);
  });
});
