import { beforeAll, describe, expect, it } from "vitest";
import * as tf from "@tensorflow/tfjs-core";
import { compile } from "tfmc";
import { createCache, read, useBackend, type BackendName } from "tfmc/runtime";
import { expectClose } from "../runtime/on-every-backend.js";
import { sourceOf } from "./examples.js";
import { runSmall, sizes, type SmallGpt2 } from "./small-gpt2.js";

const llama = { vocab: 53, ctx: 1100, d: 30, depth: 2, heads: 6, kv_heads: 2, head_dim: 10, ff: 28 };
const grid = { vocab: 53, lines: 44, columns: 25, line_d: 17, column_d: 13 };
const models: readonly (readonly [string, Record<string, number | boolean>])[] = [
  ["gpt2", sizes],
  ["gpt", { vocab: 61, ctx: 1100, d: 30, depth: 2, heads: 3 }],
  ["gpt3", { ...sizes, depth: 3, band: 4 }],
  ["gpt_neox", { ...sizes, share: 0.5 }],
  ["opt", { ...sizes, e: 21, pre_norm: false }],
  ["phi3", { vocab: 53, ctx: 1100, d: 30, depth: 2, heads: 5, kv_heads: 1, ff: 28, span: 4 }],
  ["bloom", { vocab: 61, d: 30, depth: 2, heads: 5 }],
  ["llama", llama],
  ["mistral", { ...llama, span: 4 }],
  ["qwen2", { ...llama, kv_heads: 3 }],
  ["qwen3", { ...llama, head_dim: 8 }],
  ["gemma2", { ...llama, depth: 3, head_dim: 8, scale_dim: 7, span: 4, cap: 5, final_cap: 3 }],
  ["mixtral", { ...llama, experts: 5, used: 2, span: 6 }],
  ["sparse_transformer", { ...sizes, depth: 3, stride: 3, chunk: 5, summary: 2 }],
  ["reformer", { ...grid, d: 30, depth: 3, heads: 3, c: 7, ff: 28, chunk: 4, before: 2, hashing: false }],
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

it.each([
  ["transformer_xl", "wikitext", "it has `state`"],
  ["xlnet", "xlnet_base", "it has a size along `seq`, in layer > rel_attn"],
  ["reformer", "reformer", "it has `argsort` along `n`, in layers > attn"],
])("refuses %s: a step is not one of its positions", async (name, config, operation) => {
  const path = `examples/${name}.tfm`;
  const axis = name === "reformer" ? "n" : "seq";
  const text = `${sourceOf(path)?.replace(/^generate .*$/m, "")}\ngenerate ${config}.lm over ${axis} { sample: greedy }`;
  const { problems } = await compile(path, (other) => (other === path ? text : undefined), { config });
  expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    `G601 ${config}.lm cannot be decoded over \`${axis}\`: ${operation}`,
  ]);
});

it("counts images as it goes: a word of Flamingo's sees the latest", async () => {
  await useBackend("cpu");
  const tower = { media_dim: 7, most: 3, latents: 2, resampler_depth: 1, resampler_heads: 2, resampler_c: 3 };
  const set = { vocab: 37, ctx: 30, d: 12, depth: 4, heads: 3, ...tower, cross_heads: 2, cross_c: 5 };
  // Fresh gates are shut, and what an image shows would not matter.
  const model = await runSmall("flamingo", set, (text) => text.replaceAll("f32[] = zeros", "f32[] = ones"));
  const weights = model.initialise(5);
  const media = tf.randomNormal([1, 3, 4, 7], 0, 1, "float32", 3);
  const prompt = [5, 2, 8, 11, 2, 2, 9];
  const whole = model.lm(weights, { ids: [prompt], media });
  const cache = createCache();
  const parts = [prompt.slice(0, 3), prompt.slice(3, 5), prompt.slice(5)].map((part) =>
    model.lm(weights, { ids: [part], media }, cache),
  );
  const joined = tf.concat(parts, 1);
  expectClose(await read(joined), await read(whole), 1e-5);
  const others = tf.add(media, 1);
  const other = model.lm(weights, { ids: [prompt], media: others });
  expect(await read(other)).not.toEqual(await read(whole));
  tf.dispose([whole, joined, other, media, others, ...parts]);
  cache.dispose();
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
