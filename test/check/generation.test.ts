import { describe, expect, test } from "vitest";
import { check } from "tfmc";
import { sourceOf } from "../emitted/examples.js";
import { mended, problemsOf } from "../mistakes/mended.js";
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
      "error[N102] unknown name \`ln\`
        model.tfm:9  generate m.ln over seq {}
                                ^^ did you mean lm?"
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
                                        ^^ did you mean seq?"
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
    expect(rendered(model, "generate m.lm over seq { sample: nucleus(0.9) }")).toMatchInlineSnapshot(`
      "error[C502] unknown sampler \`nucleus\`
        model.tfm:9  generate m.lm over seq { sample: nucleus(0.9) }
                                                      ^^^^^^^
        help: one of greedy, top_p, top_k, min_p, temperature, beam"
    `);
  });

  test.each([
    ["sample: «topp»(0.9)", "sample: top_p(0.9)"],
    ["sample: top_k(3, «temprature»: 0.5)", "sample: top_k(3, temperature: 0.5)"],
    ["sample: «gredy»", "sample: greedy"],
  ])("a misspelt sampler or setting of one: %s", (marked, right) => {
    const text = (settings: string): string => `${model}\ngenerate m.lm over seq { ${settings} }`;
    const files = new Map([["model.tfm", text(marked.replace(/[«»]/g, ""))]]);
    const [problem, ...others] = problemsOf(files);
    expect(others).toEqual([]);
    expect(problem?.primary?.span.start).toBe(text(marked).indexOf("«"));
    expect(problem && mended(files, problem).get("model.tfm")).toBe(text(right));
  });

  test("a second one for the same config", () => {
    expect(rendered(model, "generate m.lm over seq { sample: greedy }", "generate m.lm over seq { sample: top_k(3) }"))
      .toMatchInlineSnapshot(`
      "error[N104] \`generate m\` is declared twice
        model.tfm:10  generate m.lm over seq { sample: top_k(3) }
                               ^
        model.tfm:9   generate m.lm over seq { sample: greedy }
                               - first declared here
        help: a config generates in one way: leave one of them out"
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
      "warning[U902] \`train\` is only checked in this version: nothing is compiled from it
        model.tfm:9  train m.lm { optimizer: adamw(lr: 6e-4) }
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      error[C502] lm has no \`loss\` to train by
        model.tfm:9  train m.lm { optimizer: adamw(lr: 6e-4) }
                             ^^"
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
        help: write \`mean(logits)\`"
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
      "error[T202] logits has seq along seq, labels has seq - 1
        model.tfm:8  loss cross_entropy[vocab](logits, ids[seq: 1..])
                                               ^^^^^^  ------------- i32[batch, seq: seq - 1]
                                               f32[batch, seq, vocab]
        help: write \`logits[seq: ..-1]\`"
    `);
  });

  test("a model without a task", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 8}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          x = ids |> token: Embedding{size: vocab, d}
          return x - mean[seq](x)
        }
        config m = M{}
        generate m over seq {}
      `),
    ).toMatchInlineSnapshot(`
      "error[C502] M has no task, whose results \`generate\` could continue
        model.tfm:6  generate m over seq {}
                              ^
        model.tfm:1  model M[seq]{vocab = 100, d = 8}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
                           - the model
        help: declare one, which gives a score for each token: \`task lm() on M as x -> ...\`"
    `);
  });

  test("a task of another model", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 8}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          x = ids |> token: Embedding{size: vocab, d}
          return x - mean[seq](x)
        }
        config m = M{}
        task hidden() on M as x -> f32[batch, seq, d] { return x }
        model N[seq]{vocab = 100, d = 8}(ids: i32[batch, seq]) -> f32[batch, seq, d] { return ids |> token: Embedding{size: vocab, d} }
        task lm() on N as x -> f32[batch, seq, vocab] { return dot[d](x, token.weight) }
        generate m.lm over seq {}
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected a task of M, found lm, a task of N
        model.tfm:9  generate m.lm over seq {}
                                ^^
        model.tfm:8  task lm() on N as x -> f32[batch, seq, vocab] { return dot[d](x, token.weight) }
                                  -
        help: it has hidden"
    `);
  });

  test("no task", () => {
    expect(rendered(model, "generate m over seq {}")).toMatchInlineSnapshot(`
      "error[N108] generate needs \`CONFIG.TASK\`
        model.tfm:9  generate m over seq {}
                              ^
        help: write \`m.lm\`"
    `);
  });

  test("no task and no axis", () => {
    expect(rendered(model, "generate m {}")).toMatchInlineSnapshot(`
      "error[N108] generate needs \`CONFIG.TASK\`
        model.tfm:9  generate m {}
                              ^
        help: write \`m.lm over seq\`"
    `);
  });

  test("a misspelt axis", () => {
    expect(rendered(model, "generate m.lm over sequ {}")).toMatchInlineSnapshot(`
      "error[N106] no axis \`sequ\` in the inputs of M
        model.tfm:9  generate m.lm over sequ {}
                                        ^^^^ did you mean seq?"
    `);
  });

  test("a misspelt task and no axis", () => {
    expect(rendered(model, "generate m.lmm {}")).toMatchInlineSnapshot(`
      "error[N108] generate needs \`over AXIS\`
        model.tfm:9  generate m.lmm {}
                     ^^^^^^^^^^^^^^^^^
        help: say along which axis it generates: \`over seq\`

      error[N102] unknown name \`lmm\`
        model.tfm:9  generate m.lmm {}
                                ^^^ did you mean lm?"
    `);
  });

  test("a loss in a block", () => {
    expect(
      rendered(`
        block A[d](x: f32[.., d]) -> f32[.., d] {
          loss mean(x)
          return x |> Linear{out: d}
        }
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected \`loss\` in a task, found it in A
        model.tfm:2  loss mean(x)
                     ^^^^
        help: say it in a task of the model; what a block adds to the loss of a task is \`aux\`"
    `);
  });

  test("a loss in a model", () => {
    expect(
      rendered(`
        model M[seq]{vocab = 100, d = 8}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
          x = ids |> token: Embedding{size: vocab, d}
          loss mean(x)
          return x
        }
        config m = M{}
      `),
    ).toMatchInlineSnapshot(`
      "error[T208] expected \`loss\` in a task, found it in M
        model.tfm:3  loss mean(x)
                     ^^^^
        help: say it in a task of the model; what a block adds to the loss of a task is \`aux\`"
    `);
  });
});

test.each([
  ["bert", "bert_base.mlm", "layer > attn"],
  ["distilbert", "distilbert.mlm", "layer > attention"],
  ["albert", "albert_base.mlm", "group > layer > attention"],
  ["electra", "electra_small.generator", "layer > attn"],
  ["longformer", "longformer_base.mlm", "layer > attn"],
])("%s sees what follows, and cannot go on from a text", (example, target, path) => {
  const text = `${sourceOf(`examples/${example}.tfm`)}\ngenerate ${target} over seq { sample: greedy }\n`;
  const { problems } = check("model.tfm", (name) => (name === "model.tfm" ? text : undefined));
  expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    `G601 ${target} cannot be decoded over \`seq\`: it has \`attend\` without a causal mask along \`seq\`, in ${path}`,
  ]);
});
