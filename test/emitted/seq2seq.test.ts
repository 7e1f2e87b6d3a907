/** Models of two inputs that generate along one: steps from a cache equal the whole computation, for one text and for several. */
import { compileFunction } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import * as tf from "@tensorflow/tfjs-core";
import { compile, toJavaScript } from "tfmc";
import * as runtime from "tfmc/runtime";
import { createCache, read, useBackend, type BackendName, type Nested } from "tfmc/runtime";
import { expectClose } from "../runtime/on-every-backend.js";
import { sourceOf } from "./examples.js";

type Inputs = Readonly<Record<string, readonly Nested[]>>;

interface Model {
  run(inputs: Inputs, cache?: runtime.Cache): tf.Tensor;
  generate(inputs: Inputs, options: runtime.GenerateOptions): Promise<number[]>;
}

const text = { vocab: 53, d: 18, depth: 2, dec_depth: 3, heads: 3, ff: 26 };
const words = [[7, 3, 11, 50, 2, 29]];
const keep = [[1, 1, 1, 1, 1, 0]];
const sound = [Array.from({ length: 21 }, (_, n) => Array.from({ length: 5 }, (_, m) => Math.sin(n * 1.3 + m * m)))];

interface Case {
  readonly example: string;
  readonly task: string;
  readonly target: string;
  readonly set: Readonly<Record<string, number | boolean>>;
  readonly inputs: Inputs;
}

const ofText = (
  example: string,
  task: string,
  more: Case["set"] = {},
  source = "ids",
  set: Case["set"] = text,
): Case => ({
  example,
  task,
  target: "target",
  set: { ...set, ...more },
  inputs: { [source]: words, keep },
});

const recurrent = { src_vocab: 53, tgt_vocab: 41, src_embed: 9, tgt_embed: 11, hidden: 7 };
const cases: readonly Case[] = [
  ofText("marian", "translate"),
  ofText("bart", "seq2seq", { dec_heads: 2 }),
  ofText("pegasus", "summarise"),
  ofText("t5", "seq2seq", { head_dim: 5, buckets: 6, far: 9 }),
  ofText("t5", "seq2seq", { head_dim: 5, gated: true, tied: false, scaled: false }),
  ofText("switch", "seq2seq", { head_dim: 5, experts: 3, capacity: 2, step: 1 }),
  ofText("transformer", "translate", {}, "source"),
  ofText("transformer", "translate", { pre_norm: true }, "source"),
  ofText("bahdanau", "translate", { dec_hidden: 10, attention: 6 }, "source", recurrent),
  ofText("luong", "translate", { attentional: 8 }, "source", recurrent),
  {
    example: "speech_transformer",
    task: "transcribe",
    target: "target",
    set: { ...text, mel: 5, channels: 8, kernel: 3, src_ctx: 40, ctx: 30, depth: 1 },
    inputs: { sound },
  },
];
const target = [3, 17, 1, 8, 30, 5];

const written = new Map<Case, Promise<string>>();

/** The module of a case, as a program. */
async function programOf({ example, set }: Case): Promise<string> {
  const overrides = new Map(Object.entries(set).map(([name, value]) => [name, String(value)]));
  const { code, problems } = await compile(`examples/${example}.tfm`, sourceOf, { set: overrides });
  if (code === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return toJavaScript(code, "commonjs");
}

async function open(given: Case): Promise<Model> {
  const { task } = given;
  const program = written.get(given) ?? programOf(given);
  written.set(given, program);
  const exports: Record<string, unknown> = {};
  const modules: Record<string, unknown> = { "@tensorflow/tfjs-core": tf, "tfmc/runtime": runtime };
  const evaluate: unknown = compileFunction(await program, ["exports", "require"]);
  call(evaluate, exports, (name: string) => modules[name]);
  const weights = call(exports["initialise"], 11);
  return {
    run: (inputs, cache) => {
      const result = call(exports[task], weights, inputs, cache);
      if (!(result instanceof tf.Tensor)) throw new Error(`${task} gives no tensor`);
      return result;
    },
    generate: async (inputs, options) => {
      const tokens: number[] = [];
      const stream = call(exports["generate"], weights, inputs, { start: [2], stop: [], ...options });
      if (!isStream(stream)) throw new Error("generate gives no tokens");
      for await (const token of stream) tokens.push(Number(token));
      return tokens;
    },
  };
}

function call(made: unknown, ...operands: readonly unknown[]): unknown {
  if (typeof made !== "function") throw new Error("the module lacks a function");
  return Reflect.apply(made, undefined, operands);
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** Greedy decoding without a cache: the whole computation again for each token. */
async function uncached(model: Model, { inputs, target: name }: Case, count: number): Promise<number[]> {
  const tokens = [2];
  for (let n = 0; n < count; n++) {
    const logits = model.run({ ...inputs, [name]: [tokens] });
    const last = Array.from(await read(logits)).slice(-(logits.shape.at(-1) ?? 1));
    tokens.push(last.indexOf(Math.max(...last)));
    logits.dispose();
  }
  return tokens.slice(1);
}

describe.each<BackendName>(["cpu", "wasm"])("two inputs on %s", (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  it.each(cases)("$example $set: a cache changes nothing", async (given) => {
    const model = await open(given);
    const due = await uncached(model, given, 8);
    expect(await model.generate(given.inputs, { temperature: 0, beams: 1, maxTokens: 8 })).toEqual(due);
  });

  it.each(cases)("$example $set: steps of several tokens give the logits of one pass", async (given) => {
    const model = await open(given);
    const whole = model.run({ ...given.inputs, [given.target]: [target] });
    const cache = createCache();
    const parts = [target.slice(0, 3), target.slice(3, 4), target.slice(4)].map((part) =>
      model.run({ ...given.inputs, [given.target]: [part] }, cache),
    );
    const joined = tf.concat(parts, 1);
    expectClose(await read(joined), await read(whole), 1e-5);
    tf.dispose([whole, joined, ...parts]);
    cache.dispose();
  });

  it.each(cases)("$example $set: several texts side by side change places", async (given) => {
    const model = await open(given);
    const cache = createCache();
    const step = (rows: readonly (readonly number[])[]): tf.Tensor =>
      model.run({ ...given.inputs, [given.target]: rows }, cache);
    step([[3, 17]]).dispose();
    cache.reorder([0, 0, 0]);
    step([[1], [8], [30]]).dispose();
    cache.reorder([2, 0]);
    const found = step([[5], [6]]);
    const due = tf.tidy(() =>
      tf.concat(
        [
          [3, 17, 30, 5],
          [3, 17, 1, 6],
        ].map((tokens) => tf.slice(model.run({ ...given.inputs, [given.target]: [tokens] }), [0, 3, 0], [1, 1, -1])),
        0,
      ),
    );
    expectClose(await read(found), await read(due), 1e-5);
    tf.dispose([found, due]);
    cache.dispose();
  });

  it.each(cases)("$example $set: leaves nothing behind", async (given) => {
    const model = await open(given);
    const before = tf.memory().numTensors;
    await model.generate(given.inputs, { temperature: 0, beams: 1, maxTokens: 3 });
    await model.generate(given.inputs, { beams: 3, maxTokens: 4 });
    model.run({ ...given.inputs, [given.target]: [target] }).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

it("names an input that JavaScript leaves out", async () => {
  await useBackend("cpu");
  const model = await open(ofText("marian", "translate"));
  const before = tf.memory().numTensors;
  await expect(model.generate({}, {})).rejects.toThrow("ids is missing: rank 2, dtype int32 is due");
  expect(() => model.run({ target: [[2]] })).toThrow("ids is missing: rank 2, dtype int32 is due");
  expect(tf.memory().numTensors).toBe(before);
});

it("runs what the steps have in common once", async () => {
  await useBackend("cpu");
  const given = ofText("marian", "translate");
  const model = await open(given);
  const cache = createCache();
  model.run({ ...given.inputs, target: [[2]] }, cache).dispose();
  // What the source says is in the cache: another one is not even looked at.
  const found = model.run({ ids: [[1]], keep: [[1]], target: [[9]] }, cache);
  const whole = model.run({ ...given.inputs, target: [[2, 9]] });
  const due = tf.slice(whole, [0, 1, 0], [1, 1, -1]);
  expectClose(await read(found), await read(due), 1e-5);
  tf.dispose([found, whole, due]);
  cache.dispose();
});
