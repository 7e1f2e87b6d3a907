import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { createCache, disposeWeights, initialiseWeights, normal, read } from "tfmc/runtime";
import { gpt2 } from "./gpt2.js";
import { expectClose, onEveryBackend } from "./on-every-backend.js";

const { parameters, lm, generate } = gpt2({ vocab: 61, ctx: 12, d: 24, depth: 2, heads: 4 }, normal(0.3));
const prompt = [3, 14, 15, 9, 26, 5];

onEveryBackend("a model that decodes", () => {
  it("gives the same logits in steps as at once", async () => {
    const weights = initialiseWeights(parameters, 3);
    const whole = lm(weights, { ids: [prompt, [...prompt].reverse()] });
    const due = Array.from(await read(whole));
    const cache = createCache();
    const pieces = [
      [0, 3],
      [3, 4],
      [4, 6],
    ].map(([from, to]) => lm(weights, { ids: [prompt.slice(from, to), [...prompt].reverse().slice(from, to)] }, cache));
    const joined = tf.tidy(() => tf.concat(pieces, 1));
    expectClose(await read(joined), due);
    expect(() => lm(weights, { ids: [Array<number>(7).fill(1), Array<number>(7).fill(1)] }, cache)).toThrow(
      "GPT2: seq = 13 exceeds ctx = 12",
    );
    expect(() => lm(weights, { ids: [[1, 61]] })).toThrow("ids: token 61 at [0, 1] is outside 0..60");
    cache.dispose();
    tf.dispose([whole, joined, ...pieces]);
    disposeWeights(parameters, weights);
  });

  it("gives the same tokens with its cache as without", async () => {
    const weights = initialiseWeights(parameters, 4);
    const due = [...prompt];
    while (due.length < 13) {
      const logits = lm(weights, { ids: [due] });
      const last = tf.tidy(() => tf.argMax(tf.slice(logits, [0, due.length - 1, 0], [1, 1, 61]), 2));
      due.push((await read(last))[0] ?? -1);
      tf.dispose([logits, last]);
    }
    const tokens: number[] = [];
    let held = 0;
    for await (const token of generate(weights, prompt)) {
      tokens.push(token);
      held = Math.max(held, tf.memory().numTensors);
    }
    expect([...prompt, ...tokens]).toEqual(due);
    expect(held, "tensors: weights, and two a layer in the cache").toBe(2 * 16 + 4 + 2 * 2);
    disposeWeights(parameters, weights);
  });
});
