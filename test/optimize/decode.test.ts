import { describe, expect, test } from "vitest";
import { deriveDecoding } from "../../compiler/4-optimize/decode.js";
import type { Lowered } from "../../compiler/lower.js";
import type { Module } from "../../compiler/ir/graph.js";
import { interpret, type NDArray } from "../../compiler/ir/interpret.js";
import { entryAt, tabulate } from "../../compiler/ir/interpret/array.js";
import { asAtom } from "../../compiler/shapes/index.js";
import { lowerExample, lowerText } from "../ir/lower.js";
import { randomInputs } from "../ir/random-inputs.js";
import { randomWeights } from "../ir/random-weights.js";
import { smallConfigs } from "../ir/small-configs.js";

const model = (body: string, task = "return x"): string => `
  model M[seq]{vocab = 9, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] where seq <= 8 {
    x = ids |> wte: Embedding{size: vocab, d}
    ${body}
    return x
  }
  task t() on M as x -> f32[batch, seq, d] { ${task} }`;

function decoding(module: Module) {
  const seq = module.inputs[0]?.value.type.axes.map(({ dim }) => asAtom(dim)).find((atom) => atom?.name === "seq");
  const [task] = module.tasks;
  if (!seq || !task) throw new Error("the module has no task or no axis seq");
  return deriveDecoding(module, task, seq);
}

/** What the compiler asks, of the optimised graph, and what the graph as lowered would answer. */
function bothDecodings({ module, optimized }: Lowered) {
  return [decoding(optimized.module), decoding(module)];
}

/** Whether the first entries of the output are the same when the last ones of the input are not there. */
function isCausal(module: Module): boolean {
  const [task] = module.tasks;
  const [ids, weights] = [randomInputs(module).get("ids"), randomWeights(module)];
  if (!task || !ids) throw new Error("the module has no task or no ids");
  const run = (given: NDArray): NDArray => interpret(module, task.name, { inputs: new Map([["ids", given]]), weights });
  const whole = run(ids);
  return [1, 3].every((length) => {
    const first = run(tabulate([ids.shape[0] ?? 0, length], (index) => entryAt(ids, index)));
    const same = tabulate(first.shape, (index) =>
      Number(Math.abs(entryAt(first, index) - entryAt(whole, index)) < 1e-12),
    );
    return same.data.every((equal) => equal === 1);
  });
}

describe("where a step can be derived, later entries change nothing", () => {
  test.each<[string, string, string?]>([
    ["entry by entry", "x = x |> f: FFN{ff: 3} |> n: LayerNorm"],
    ["by positions", "x += @seq |> wpe: Embedding{size: 8, d}"],
    ["causal attention", "x = x |> a: Attention{heads: 2}(mask: causal)"],
    ["a window", "x = x |> a: Attention{heads: 2}(mask: causal & window(2), rotate: rope)"],
    ["attention in a loop", "repeat i < 2 { x += x |> a[i]: Attention{heads: 2}(mask: causal) }"],
    ["sinusoids", "x = x |> p: Sinusoidal"],
    ["one hot", "x += one_hot[d](ids % 4)"],
    ["the same number everywhere", "x += expand[batch, seq, d](0.5) * full_like(x, 2.0)"],
    ["sums so far", "x = x + cumsum[seq](x)"],
    ["a recurrence", "x = scan[seq](xt = x, h = expand[batch, d](0.0)) {\n h = h |> cell: Gru(xt)\n yield h + xt\n }"],
    ["an order of channels", "x = x[d: argsort[d](x)] |> roll[d: 1] |> keep_top(2)"],
    ["alibi", "x = x |> a: Attention{heads: 2}(mask: causal & strided(2), score: alibi(2))"],
    ["attention in the task", "", "return x |> a: Attention{heads: 1}(mask: causal)"],
    [
      "channels mixed in any way",
      "x = softmax[d](x |> rearrange[batch seq (u v) -> batch seq (v u); u = 2] |> rearrange[batch seq d -> batch seq d])",
    ],
  ])("%s", (_, body, task) => {
    const lowered = lowerText(model(body, task));
    for (const found of bothDecodings(lowered)) expect(found).toMatchObject({ possible: true });
    expect(isCausal(lowered.module)).toBe(true);
  });

  test.each(smallConfigs)("$example as $case", ({ example, set }) => {
    const lowered = lowerExample(example, set);
    for (const found of bothDecodings(lowered)) expect(found).toMatchObject({ possible: true, lastOnly: true });
    expect(isCausal(lowered.module)).toBe(true);
  });
});

describe("where later entries matter, what mixes is named", () => {
  test.each<[string, string, RegExp, string?]>([
    ["attention to everything", "x = x |> a: Attention{heads: 2}", /`attend` without a causal mask along `seq`, in a/],
    ["attention to what comes later", "x = x |> a: Attention{heads: 2}(mask: q <= k)", /`attend`/],
    [
      "a mask that one side of an or leaves open",
      "x = x |> a: Attention{heads: 2}(mask: causal | window(2))",
      /`attend`/,
    ],
    ["a softmax over positions", "x = softmax[seq](x)", /`softmax` along `seq`/],
    ["a mean", "x = x - mean[seq](x)", /`mean` along `seq`/],
    ["a roll", "x = x |> roll[seq: 1]", /`roll` along `seq`/],
    ["an order", "x = x[seq: argsort[seq](x)]", /`argsort` along `seq`/],
    ["the order itself", "x = real(argsort[seq](x))", /`argsort` along `seq`/],
    ["sums so far, and of all", "x = x + cumsum[seq](x) - x * sum[seq](x)", /`sum` along `seq`/],
    [
      "a recurrence that knows the mean",
      "x = scan[seq](xt = x, h = expand[batch, d](0.0)) {\n h = h + xt * mean[seq](x)\n yield h\n }",
      /`mean` along `seq`/,
    ],
    [
      "a recurrence that looks at all",
      "x = scan[seq](xt = x, h = expand[batch, d](0.0)) {\n h = h + dot[seq](softmax[seq](dot[d](h, x)), x)\n yield h * xt\n }",
      /along `seq`|combines/,
    ],
    [
      "the place of the largest",
      "x = x + real(expand[seq](argmax[seq](x))[seq -> seq] |> rearrange[seq batch d -> batch seq d])",
      /`argmax` along `seq`/,
    ],
    [
      "a convolution",
      "x = x |> rearrange[batch seq d -> batch d seq] |> c: Conv1d{out: d, kernel: 3, padding: 1} |> rearrange[batch d seq -> batch seq d]",
      /`conv` along `seq`/,
    ],
    [
      "a bias of all pairs",
      "b = @seq |> b: RelativeBias{heads: 2}(@seq[seq -> j])\n x = x |> a: Attention{heads: 2}(mask: causal, score: s + b[head, q, k] * real(seq))",
      /along `seq`/,
    ],
    [
      "scaling that the length decides",
      "x = x |> a: Attention{heads: 1}(mask: causal, rotate: rope(scaling: dynamic_scaling(length: seq, factor: 2.0, original: 3)))",
      /size|table/,
    ],
    ["a product over positions", "x = x * dot[seq](x, x)", /`dot` along `seq`/],
    [
      "positions turned into channels",
      "x = x |> rearrange[batch seq d -> batch (seq d)] |> rearrange[batch (d seq) -> batch seq d]",
      /`rearrange` along `seq`/,
    ],
    [
      "a table of pairs of positions, reduced along one",
      "y = x[seq -> n]\n x = x * mean[n](cos(dot[](real(@seq), real(@n))))",
      /`mean`|combines/,
    ],
    ["arithmetic on a size", "x = x * real(@seq - int(seq - 1))", /size/],
    ["a size", "x = x * real(@seq - int(seq))", /size/],
    ["a size in a table", "x = x * cos(real(@seq - int(seq)))", /size|table/],
    ["a size in a mask", "x = x |> a: Attention{heads: 2}(mask: causal & k < seq - 1)", /size|`attend`/],
    [
      "a value that goes through a loop three times before it mixes",
      "a = x\n b = x\n c = x\n repeat i < 4 {\n c = b\n b = a\n a = a - mean[seq](a)\n }\n x = c",
      /`mean`/,
    ],
    ["a mean in the task", "", /`mean` along `seq`/, "return x - mean[seq](x)"],
  ])("%s", (_, body, blame, task) => {
    const lowered = lowerText(model(body, task));
    for (const found of bothDecodings(lowered)) {
      expect(found).toMatchObject({ possible: false, blame: expect.stringMatching(blame) as string });
    }
    expect(isCausal(lowered.module)).toBe(false);
  });
});
