import { expect, test } from "vitest";
import { nodesOf, functionsOf } from "../../compiler/ir/functions.js";
import { interpret } from "../../compiler/ir/interpret.js";
import { printModule } from "../../compiler/ir/print.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { largestDifference } from "../ir/largest-difference.js";
import { lowerText } from "../ir/lower.js";
import { randomInputs } from "../ir/random-inputs.js";
import { randomWeights } from "../ir/random-weights.js";

const text = (generate: string): string => `
  model M[src, tgt]{vocab = 9, d = 4, heads = 2}(ids: i32[batch, src], target: i32[batch, tgt], keep: bool[batch, src] = true)
      -> f32[batch, tgt, d] where tgt <= 8 {
    x = ids |> wte: Embedding{size: vocab, d} |> enc: Attention{heads}(mask: padding(keep)) |> norm: LayerNorm
    y = target |> wte
    repeat i < 2 { y += y |> self[i]: Attention{heads}(mask: causal) |> cross[i]: Attention{heads}(x, mask: padding(keep)) }
    return y
  }
  task t() on M as y -> f32[batch, tgt, vocab] { return dot[d](y, wte.weight) }
  config m = M{}
  ${generate}`;

const derived = lowerText(text("generate m.t over tgt { start: 1 }")).optimized;
const plain = lowerText(text("")).optimized;

test("an encoder, and what the decoder makes of it, run once", () => {
  const apart = functionsOf(derived.module).flatMap((made) =>
    nodesOf(made).flatMap((node) => (node.op === "once" ? [[made.name, node.outs.map(({ name }) => name)]] : [])),
  );
  expect(apart).toEqual([
    ["Attention", ["vh", "kh"]],
    ["M", ["x"]],
  ]);
  expect(printModule(derived.module)).toMatch(/once\n[^]*keep %x/);
});

test("without a `generate` nothing is set apart", () => {
  expect(printModule(plain.module)).not.toContain("once");
});

test("what is set apart is legal, and changes no number", () => {
  expect(verifyModule(derived.module, "optimized")).toEqual([]);
  expect(verifyModule(derived.module, "lowered").some((problem) => problem.includes("only legal after"))).toBe(true);
  const run = ({ module, transposed }: typeof derived) =>
    interpret(module, "t", { inputs: randomInputs(module), weights: randomWeights(module), transposed });
  expect(largestDifference(run(derived), run(plain))).toBe(0);
});
