import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useBackend } from "tfmc/runtime";
import { interpretOutputs, type NDArray } from "../../compiler/ir/interpret.js";
import { largestDifference } from "../ir/largest-difference.js";
import { randomArray } from "../ir/random-weights.js";
import { runModule } from "./run-module.js";

beforeAll(async () => void (await useBackend("cpu")));

const whole = (shape: readonly number[], ...data: number[]): NDArray => ({ shape, data: Float64Array.from(data) });

/** Inputs that must stay below a size which another input tells, an earlier one, a later one, or they themselves. */
const programs: Readonly<Record<string, readonly [inputs: string, read: string]>> = {
  "an input behind the one that tells the size": ["x: f32[batch, seq, d], which: i32[batch]", "x[seq: which]"],
  "an input before it": ["which: i32[batch], x: f32[batch, seq, d]", "x[seq: which]"],
  "an input that tells the size itself": [
    "which: i32[batch, seq], x: f32[batch, d]",
    "expand[seq](x) * real(@seq)[seq: which]",
  ],
  "an input that may be left out": ["x: f32[batch, seq, d], which: i32[batch] = 0", "x[seq: which]"],
};

describe.each(Object.entries(programs))("%s", (_, [inputs, read]) => {
  const isLong = inputs.startsWith("which: i32[batch, seq]");
  const result = isLong ? "f32[batch, seq, d]" : "f32[batch, d]";
  const body = isLong ? `${read} |> rearrange[seq batch d -> batch seq d]` : read;
  const text = `model M[seq]{d = 4}(${inputs}) -> ${result} { return ${body} |> proj: Linear{out: d} }\n config m = M{}`;
  const x = isLong ? randomArray([2, 4], "x") : randomArray([2, 3, 4], "x");
  const which = (entry: number): NDArray => (isLong ? whole([2, 3], 2, 0, 1, entry, 2, 0) : whole([2], entry, 1));

  test("is looked up, and freed", async () => {
    const running = await runModule(text);
    const given = new Map([
      ["x", x],
      ["which", which(2)],
    ]);
    const due = interpretOutputs(running.lowered.module, "m", { inputs: given, weights: running.weightAt }).get(
      "output",
    );
    const before = tf.memory().numTensors;
    const found = (await running.run("m", given)).get("output");
    expect(tf.memory().numTensors).toBe(before);
    expect(found && due && largestDifference(found, due)).toBeLessThan(1e-5);
  });

  test("is refused beyond", async () => {
    const running = await runModule(text);
    await expect(
      running.run(
        "m",
        new Map([
          ["x", x],
          ["which", which(3)],
        ]),
      ),
    ).rejects.toThrow(/^which: token 3 at /);
  });
});
