import { beforeAll, expect, test } from "vitest";
import { interpret, interpretLoss, type NDArray } from "../../compiler/ir/interpret.js";
import { entryAt } from "../../compiler/ir/interpret/array.js";
import { caseTensors, checkpointWeights } from "./checkpoint-weights.js";
import { largestDifference } from "./largest-difference.js";
import { lowerExample } from "./lower.js";

const sizes = { vocab: 99, ctx: 64, d: 32, depth: 2, heads: 4 };
const { module, optimized, checkpoint, numbers } = lowerExample("gpt2", sizes);

let given: { inputs: ReadonlyMap<string, NDArray>; weights: (address: string) => NDArray };
let logits: NDArray;
beforeAll(async () => {
  const [model, io] = [await caseTensors("gpt2_lm", "model"), await caseTensors("gpt2_lm", "io")];
  const [ids, due] = [io.get("in.input_ids"), io.get("out.logits")];
  if (!ids || !due) throw new Error("the case has no input or no output");
  given = { inputs: new Map([["ids", ids]]), weights: checkpointWeights(checkpoint, numbers, model) };
  logits = due;
});

test("the graph of examples/gpt2.tfm gives the logits of the reference", () => {
  expect(largestDifference(interpret(module, "lm", given), logits)).toBeLessThan(1e-5);
});

test("optimisation does not change them", () => {
  const { transposed } = optimized;
  expect(transposed.size).toBeGreaterThan(0);
  const found = interpret(optimized.module, "lm", { ...given, transposed });
  expect(largestDifference(found, interpret(module, "lm", given))).toBeLessThan(1e-12);
});

test("the loss is the mean negative log-likelihood of the next ids", () => {
  const ids = given.inputs.get("ids");
  const [batch = 0, seq = 0] = ids?.shape ?? [];
  const found = interpret(module, "lm", given);
  let sum = 0;
  for (let b = 0; b < batch; b++) {
    for (let s = 0; s + 1 < seq; s++) {
      const row = Array.from({ length: sizes.vocab }, (_, n) => entryAt(found, [b, s, n]));
      const normaliser = Math.log(row.reduce((total, x) => total + Math.exp(x), 0));
      sum += normaliser - (row[ids?.data[b * seq + s + 1] ?? -1] ?? NaN);
    }
  }
  const [loss] = interpretLoss(module, "lm", given).data;
  expect(loss).toBeCloseTo(sum / (batch * (seq - 1)), 10);
});
