import { describe, expect, test } from "vitest";
import { interpret, interpretLoss } from "../../compiler/ir/interpret.js";
import { entryAt } from "../../compiler/ir/interpret/array.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { caseTensors, checkpointWeights } from "./checkpoint-weights.js";
import { largestDifference } from "./largest-difference.js";
import { lowerExample } from "./lower.js";
import { smallConfigs, type SmallConfig } from "./small-configs.js";

/** The example under the case's config, on the case's checkpoint and input. */
async function prepare({ example, case: name, set }: SmallConfig) {
  const lowered = lowerExample(example, set);
  const [model, io] = [await caseTensors(name, "model"), await caseTensors(name, "io")];
  const [ids, logits] = [io.get("in.input_ids"), io.get("out.logits")];
  if (!ids || !logits) throw new Error("the case has no input or no output");
  const given = {
    inputs: new Map([["ids", ids]]),
    weights: checkpointWeights(lowered.checkpoint, lowered.numbers, model),
  };
  return { ...lowered, ids, logits, given };
}

describe.each(smallConfigs)("$example on $case", (config) => {
  test("gives the logits of the reference, as lowered and optimised", async () => {
    const { module, optimized, logits, given } = await prepare(config);
    expect(verifyModule(module, "lowered")).toEqual([]);
    expect(verifyModule(optimized.module, "optimized")).toEqual([]);
    const lowered = interpret(module, "lm", given);
    expect(largestDifference(lowered, logits)).toBeLessThan(1e-5);
    const { transposed } = optimized;
    expect(transposed.size).toBeGreaterThan(0);
    expect(largestDifference(interpret(optimized.module, "lm", { ...given, transposed }), lowered)).toBeLessThan(1e-12);
  });
});

test("the loss is the mean negative log-likelihood of the next ids", async () => {
  const [config] = smallConfigs;
  if (!config) throw new Error("unreachable");
  const { module, ids, logits, given } = await prepare(config);
  const [batch = 0, seq = 0, vocab = 0] = logits.shape;
  let sum = 0;
  for (let b = 0; b < batch; b++) {
    for (let s = 0; s + 1 < seq; s++) {
      const row = Array.from({ length: vocab }, (_, n) => entryAt(logits, [b, s, n]));
      const normaliser = Math.log(row.reduce((total, x) => total + Math.exp(x), 0));
      sum += normaliser - entryAt(logits, [b, s, entryAt(ids, [b, s + 1])]);
    }
  }
  expect(interpretLoss(module, "lm", given).data[0]).toBeCloseTo(sum / (batch * (seq - 1)), 5);
});

test("inputs that do not fit are refused", async () => {
  const [config] = smallConfigs;
  if (!config) throw new Error("unreachable");
  const { module, given } = await prepare(config);
  const withIds = (shape: readonly number[], id: number) => ({
    ...given,
    inputs: new Map([["ids", { shape, data: new Int32Array(shape.reduce((a, b) => a * b, 1)).fill(id) }]]),
  });
  expect(() => interpret(module, "lm", withIds([1, 65], 0))).toThrow("seq <= ctx does not hold");
  expect(() => interpret(module, "lm", withIds([1, 3], 99))).toThrow("ids must be below 99");
  expect(() => interpret(module, "lm", { ...given, inputs: new Map() })).toThrow("the input ids is missing");
  expect(() => interpret(module, "chat", withIds([1, 3], 0))).toThrow("GPT2 has no task chat");
});
