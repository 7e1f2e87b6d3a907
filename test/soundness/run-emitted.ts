/** A program's TypeScript, run: the same weights and inputs as the interpreter has. */
import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { compile, toJavaScript, type Lowered } from "tfmc";
import * as runtime from "tfmc/runtime";
import { findWeight } from "../../compiler/ir/find-weight.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { entryAt, tabulate } from "../../compiler/ir/interpret/array.js";
import { asConstant, constant, type Atom } from "../../compiler/shapes/index.js";
import { randomWeights } from "../ir/random-weights.js";
import { fileName, inputsFor, type Outcome } from "./run-program.js";

/** What each task gives on the backend that is set. @throws Error where the module cannot be made or run. */
export async function runEmitted(
  text: string,
  lowered: Lowered,
  settings: ReadonlyMap<string, string>,
  sizes: ReadonlyMap<Atom, number>,
): Promise<Outcome[]> {
  const { code, problems } = await compile(fileName, (path) => (path === fileName ? text : undefined), { set: settings }); // prettier-ignore
  if (code === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  const program = evaluate(await toJavaScript(code, "commonjs"));
  const fresh = call(program, "initialise", 1);
  const weights = randomised(fresh, lowered, []);
  const inputs = Object.fromEntries(
    [...inputsFor(lowered.module, sizes)].map(([name, array]) => [name, nested(array)]),
  );
  const outcomes: Outcome[] = [];
  for (const { name, loss } of lowered.module.tasks) {
    if (loss) dispose(call(program, `${name}Loss`, weights, inputs));
    const output = call(program, name, weights, inputs);
    for (const tensor of tensorsOf(output))
      outcomes.push({ task: name, shape: tensor.shape, data: Float64Array.from(await runtime.read(tensor)) });
    dispose(output);
  }
  dispose(weights);
  dispose(fresh);
  return outcomes;
}

function evaluate(code: string): object {
  const exports = {};
  const modules = new Map<string, unknown>([["@tensorflow/tfjs-core", tf], ["tfmc/runtime", runtime]]); // prettier-ignore
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

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

/** A task gives a tensor, or an object of several by their names. */
function tensorsOf(output: unknown): tf.Tensor[] {
  if (isTensor(output)) return [output];
  return typeof output === "object" && output !== null ? Object.values(output).flatMap(tensorsOf) : [];
}

function dispose(value: unknown): void {
  if (isTensor(value)) value.dispose();
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(dispose);
}

/** The tree of weights with the interpreter's numbers in it, turned where the module keeps them so. */
function randomised(tree: unknown, lowered: Lowered, path: readonly string[]): unknown {
  if (isTensor(tree)) return leaf(tree, lowered, path);
  if (Array.isArray(tree)) return tree.map((each: unknown, n) => randomised(each, lowered, [...path, String(n)]));
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([name, each]) => [name, randomised(each, lowered, [...path, name])]),
  );
}

function leaf(tensor: tf.Tensor, { module, optimized }: Lowered, path: readonly string[]): tf.Tensor {
  const array = randomWeights(module)(path.join("."));
  const parts = path.map((part) => (/^\d+$/.test(part) ? constant(Number(part)) : part));
  const weight = findWeight(optimized.module.weights, parts, asConstant);
  const isTurned = weight?.kind === "weight" && optimized.transposed.has(weight);
  const kept = isTurned ? tabulate(array.shape.toReversed(), (index) => entryAt(array, index.toReversed())) : array;
  if (kept.shape.join() !== tensor.shape.join())
    throw new Error(`${path.join(".")} is [${tensor.shape.join()}], [${kept.shape.join()}] is due`);
  return tf.tensor(Float32Array.from(kept.data), [...kept.shape]);
}

type Nested = number | readonly Nested[];

function nested({ shape, data }: NDArray): Nested {
  const [first, ...rest] = shape;
  if (first === undefined) return data[0] ?? NaN;
  const size = data.length / first;
  return Array.from({ length: first }, (_, n) => nested({ shape: rest, data: data.slice(n * size, (n + 1) * size) }));
}
