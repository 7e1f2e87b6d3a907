import { describe, expect, test } from "vitest";
import { functionsOf, nodesOf } from "../../compiler/ir/functions.js";
import type { Module, Node } from "../../compiler/ir/graph.js";
import { interpret } from "../../compiler/ir/interpret.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { largestDifference } from "./largest-difference.js";
import { lowerExample, lowerText } from "./lower.js";
import { randomInputs } from "./random-inputs.js";
import { randomWeights } from "./random-weights.js";
import { smallConfigs } from "./small-configs.js";

const opsOf = (module: Module): Set<Node["op"]> =>
  new Set(functionsOf(module).flatMap((made) => nodesOf(made).map(({ op }) => op)));

const difference = (module: Module, plain: Module, task: string): number => {
  const given = { inputs: randomInputs(module), weights: randomWeights(module) };
  return largestDifference(interpret(module, task, given), interpret(plain, task, given));
};

describe("a kernel's node equals the text of the standard library", () => {
  test.each([
    ["gelu", "x |> gelu", 1e-12],
    ["gelu_tanh", "x |> gelu_tanh", 1e-12],
    ["silu", "x |> silu", 1e-12],
    ["quick_gelu", "x |> quick_gelu", 1e-12],
    ["LayerNorm", "x |> norm: LayerNorm{eps: 0.125}", 1e-12],
    ["RMSNorm", "x |> norm: RMSNorm{eps: 0.125}", 1e-12],
  ])("%s", (_, expression, tolerance) => {
    const text = `
      model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return ${expression} }
      task t() on M as x -> f32[batch, seq, d] { return 1.0 * x }`;
    const [module, plain] = [lowerText(text).module, lowerText(text, { intrinsics: false }).module];
    expect(opsOf(module)).toContain(/Norm/.test(expression) ? "layer-norm" : "activation");
    expect(opsOf(plain)).not.toContain("layer-norm");
    expect(opsOf(plain)).not.toContain("activation");
    expect(verifyModule(plain, "lowered")).toEqual([]);
    expect(difference(module, plain, "t")).toBeLessThan(tolerance);
  });

  test.each(smallConfigs)("in $example as $case", ({ example, set }) => {
    const { module } = lowerExample(example, set);
    const plain = lowerExample(example, set, { intrinsics: false });
    expect(opsOf(plain.module)).not.toContain("layer-norm");
    expect(verifyModule(plain.module, "lowered")).toEqual([]);
    expect(verifyModule(plain.optimized.module, "optimized")).toEqual([]);
    expect(difference(module, plain.module, "lm")).toBeLessThan(1e-9);
  });
});
