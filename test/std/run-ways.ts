/** A program as text, run in each way that there is: by the interpreter, as lowered and optimised, and as TypeScript. */
import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { compile, toJavaScript, type Lowered } from "tfmc";
import * as runtime from "tfmc/runtime";
import { findWeight } from "../../compiler/ir/find-weight.js";
import type { Module } from "../../compiler/ir/graph.js";
import { interpret, interpretLoss, type NDArray } from "../../compiler/ir/interpret.js";
import { entryAt, tabulate } from "../../compiler/ir/interpret/array.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { asConstant, constant } from "../../compiler/shapes/index.js";
import { largestDifference } from "../ir/largest-difference.js";
import { lowerText } from "../ir/lower.js";
import { randomWeights } from "../ir/random-weights.js";

export type Inputs = Readonly<Record<string, NDArray>>;
type WeightAt = (address: string) => NDArray;

export interface Run {
  readonly interpreted: NDArray;
  /** Largest differences from it, over its largest magnitude. */
  readonly optimised: number;
  readonly emitted: number;
}

/** Runs a task, `t`, or its loss, `tLoss`, on the backend that is set, with random weights, or those given by their addresses. */
export async function runAllWays(
  text: string,
  task: string,
  inputs: Inputs,
  given: Readonly<Record<string, NDArray>> = {},
): Promise<Run> {
  const lowered = lowerText(text);
  const { module, optimized } = lowered;
  for (const illegal of [...verifyModule(module, "lowered"), ...verifyModule(optimized.module, "optimized")])
    throw new Error(illegal);
  const random = randomWeights(module);
  const weights: WeightAt = (address) => given[address] ?? random(address);
  const result = (made: Module, more: object = {}): NDArray => {
    const all = { inputs: new Map(Object.entries(inputs)), weights, ...more };
    return task.endsWith("Loss") ? interpretLoss(made, task.slice(0, -4), all) : interpret(made, task, all);
  };
  const interpreted = result(module);
  const optimised = result(optimized.module, { transposed: optimized.transposed });
  const emitted = await runEmitted(text, task, inputs, lowered, weights);
  return {
    interpreted,
    optimised: largestDifference(optimised, interpreted),
    emitted: largestDifference(emitted, interpreted),
  };
}

async function runEmitted(
  text: string,
  task: string,
  inputs: Inputs,
  lowered: Lowered,
  weights: WeightAt,
): Promise<NDArray> {
  const { code, problems } = await compile("test.tfm", (path) => (path === "test.tfm" ? text : undefined));
  if (code === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const program = evaluate(await toJavaScript(code, "commonjs"));
  const fresh = call(program, "initialise", 1);
  const own = withNumbers(fresh, lowered, weights, []);
  const before = tf.memory().numTensors;
  const operands = Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, nested(array)]));
  const made = tensorOf(call(program, task, own, operands), task);
  const found = { shape: made.shape, data: Float64Array.from(await runtime.read(made)) };
  made.dispose();
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`${task} leaves ${left} tensors behind`);
  dispose(own);
  dispose(fresh);
  return found;
}

function evaluate(code: string): object {
  const exports = {};
  const modules = new Map<string, unknown>(Object.entries({ "@tensorflow/tfjs-core": tf, "tfmc/runtime": runtime }));
  const run: unknown = compileFunction(code, ["exports", "require"]);
  if (typeof run !== "function") throw new Error("the module is no program");
  Reflect.apply(run, undefined, [exports, (name: string) => modules.get(name)]);
  return exports;
}

function call(program: object, name: string, ...given: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(program, name);
  if (typeof found !== "function") throw new Error(`the module has no ${name}`);
  const result: unknown = Reflect.apply(found, undefined, given);
  return result;
}

function tensorOf(value: unknown, task: string): tf.Tensor {
  const tensor: tf.Tensor | undefined = value instanceof tf.Tensor ? value : undefined;
  if (!tensor) throw new Error(`${task} gives no tensor`);
  return tensor;
}

function dispose(value: unknown): void {
  if (value instanceof tf.Tensor) value.dispose();
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(dispose);
}

/** The tree of weights with these numbers in it, turned where the module keeps them so. */
function withNumbers(tree: unknown, lowered: Lowered, weights: WeightAt, path: readonly string[]): unknown {
  const below = (name: string, each: unknown): unknown => withNumbers(each, lowered, weights, [...path, name]);
  if (Array.isArray(tree)) return tree.map((each: unknown, n) => below(String(n), each));
  if (typeof tree !== "object" || tree === null) return tree;
  if (!(tree instanceof tf.Tensor))
    return Object.fromEntries(Object.entries(tree).map(([name, each]) => [name, below(name, each)]));
  const array = weights(path.join("."));
  const parts = path.map((part) => (/^\d+$/.test(part) ? constant(Number(part)) : part));
  const weight = findWeight(lowered.optimized.module.weights, parts, asConstant);
  const isTurned = weight?.kind === "weight" && lowered.optimized.transposed.has(weight);
  const kept = isTurned ? tabulate(array.shape.toReversed(), (index) => entryAt(array, index.toReversed())) : array;
  return tf.tensor(Float32Array.from(kept.data), [...kept.shape]);
}

type Nested = number | readonly Nested[];

function nested({ shape, data }: NDArray): Nested {
  const [first, ...rest] = shape;
  if (first === undefined) return data[0] ?? NaN;
  const size = data.length / first;
  return Array.from({ length: first }, (_, n) => nested({ shape: rest, data: data.slice(n * size, (n + 1) * size) }));
}
