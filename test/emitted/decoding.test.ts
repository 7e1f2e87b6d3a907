import { beforeAll, describe, expect, it } from "vitest";
import * as tf from "@tensorflow/tfjs-core";
import { createCache, read, useBackend, type BackendName } from "tfmc/runtime";
import { expectClose } from "../runtime/on-every-backend.js";
import { runSmall, sizes, type SmallGpt2 } from "./small-gpt2.js";

const llama = { vocab: 53, ctx: 1100, d: 30, depth: 2, heads: 6, kv_heads: 2, head_dim: 10, ff: 28 };
const models: readonly (readonly [string, Record<string, number>])[] = [
  ["gpt2", sizes],
  ["llama", llama],
  ["mistral", { ...llama, span: 4 }],
  ["qwen2", { ...llama, kv_heads: 3 }],
  ["qwen3", { ...llama, head_dim: 8 }],
];
const ids = [7, 3, 11, 50, 2, 29, 31, 8, 16];

/** Greedy decoding without a cache: the whole sequence again for each token. */
async function uncached(
  model: SmallGpt2,
  weights: unknown,
  prompt: readonly number[],
  count: number,
): Promise<number[]> {
  const tokens = [...prompt];
  for (let n = 0; n < count; n++) {
    const logits = model.lm(weights, { ids: [tokens] });
    const values = await read(logits);
    const vocab = logits.shape.at(-1) ?? 1;
    const last = Array.from(values).slice(-vocab);
    tokens.push(last.indexOf(Math.max(...last)));
    logits.dispose();
  }
  return tokens.slice(prompt.length);
}

async function take(tokens: AsyncGenerator<number, void>): Promise<number[]> {
  const all: number[] = [];
  for await (const token of tokens) all.push(token);
  return all;
}

describe.each<BackendName>(["cpu", "wasm"])("decoding on %s", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  it.each(models)("%s: a cache changes nothing", async (name, set) => {
    const model = await runSmall(name, set);
    const weights = model.initialise(5);
    const options = { temperature: 0, maxTokens: 12, stop: [] };
    expect(await take(model.generate(weights, ids, options))).toEqual(await uncached(model, weights, ids, 12));
  });

  it.each(models)("%s: steps of several tokens give the logits of one pass", async (name, set) => {
    const model = await runSmall(name, set);
    const weights = model.initialise(6);
    const whole = model.lm(weights, { ids: [ids] });
    const cache = createCache();
    const parts = [ids.slice(0, 4), ids.slice(4, 5), ids.slice(5)].map((part) =>
      model.lm(weights, { ids: [part] }, cache),
    );
    const joined = tf.concat(parts, 1);
    expectClose(await read(joined), await read(whole), 1e-5);
    tf.dispose([whole, joined, ...parts]);
    cache.dispose();
  });
});

it("holds as many tensors after 1,000 tokens as after 10", async () => {
  await useBackend("cpu");
  const model = await runSmall("gpt2");
  const weights = model.initialise(5);
  const counts = new Map<number, number>();
  let count = 0;
  for await (const _ of model.generate(weights, [1, 2, 3], { temperature: 1, seed: 9, maxTokens: 1000, stop: [] })) {
    counts.set(++count, tf.memory().numTensors);
  }
  expect(count).toBe(1000);
  expect(counts.get(1000)).toBe(counts.get(10));
});

it("leaves nothing behind: forward, loss, generation, and generation broken off", async () => {
  await useBackend("cpu");
  const model = await runSmall("gpt2");
  const weights = model.initialise(5);
  const before = tf.memory().numTensors;
  for (let n = 0; n < 3; n++) {
    model.lm(weights, { ids: [ids, ids] }).dispose();
    model.lmLoss(weights, { ids: [ids] }).dispose();
    await take(model.generate(weights, ids, { temperature: 0, maxTokens: 3, stop: [] }));
    for await (const _ of model.generate(weights, ids, { temperature: 0, stop: [] })) break;
    expect(() => model.lm(weights, { ids: [[1, 2, 61]] })).toThrow("ids: token 61 at [0, 2] is outside 0..60");
    expect(() => model.lm(weights, { ids: [Array<number>(1101).fill(1)] })).toThrow(
      "GPT2: seq = 1101 exceeds ctx = 1100 (gpt2.tfm:",
    );
    expect(tf.memory().numTensors).toBe(before);
  }
});
