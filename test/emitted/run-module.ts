/** An emitted module, running in this process beside the interpreter. */
import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { compile, toJavaScript, type Lowered } from "tfmc";
import * as runtime from "tfmc/runtime";
import { asConstant, constant } from "../../compiler/shapes/index.js";
import { findWeight } from "../../compiler/ir/find-weight.js";
import type { NDArray } from "../../compiler/ir/interpret.js";

export interface Running {
  readonly lowered: Lowered;
  readonly code: string;
  readonly weights: unknown;
  /** Runs a task; gives its outputs by name. */
  run(task: string, inputs: ReadonlyMap<string, NDArray>, state?: runtime.State): Promise<ReadonlyMap<string, NDArray>>;
  /** The same weights, for the interpreter. */
  readonly weightAt: (address: string) => NDArray;
}

export async function runModule(text: string, config?: string): Promise<Running> {
  const { code, lowered, problems } = await compile("model.tfm", () => text, { config });
  if (code === undefined || !lowered) throw new Error(problems.map(({ message }) => message).join("\n"));
  const exports: Record<string, unknown> = {};
  const modules: Record<string, unknown> = { "@tensorflow/tfjs-core": tf, "tfmc/runtime": runtime };
  const evaluate: unknown = compileFunction(await toJavaScript(code, "commonjs"), ["exports", "require"]);
  call(evaluate, exports, (name: string) => modules[name]);
  const weights = call(exports["initialise"], 7);
  return {
    lowered,
    code,
    weights,
    weightAt: (address) => weightOf(lowered, weights, address),
    async run(task, inputs, state) {
      const given = Object.fromEntries([...inputs].map(([name, array]) => [name, toTensor(lowered, name, array)]));
      const result = call(exports[task], weights, given, state);
      tf.dispose(given);
      const [only] = lowered.module.tasks.find(({ name }) => name === task)?.outputs ?? [];
      const named = isTensor(result) ? { [only ?? ""]: result } : { ...(typeof result === "object" ? result : {}) };
      const outputs = new Map<string, NDArray>();
      for (const [name, tensor] of Object.entries<unknown>(named)) {
        if (!isTensor(tensor)) throw new Error(`${task} gives no tensor`);
        outputs.set(name, { shape: tensor.shape, data: Float64Array.from(await runtime.read(tensor)) });
        tensor.dispose();
      }
      return outputs;
    },
  };
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

function call(made: unknown, ...operands: readonly unknown[]): unknown {
  if (typeof made !== "function") throw new Error("the module lacks a function");
  return Reflect.apply(made, undefined, operands);
}

function toTensor({ module }: Lowered, name: string, { shape, data }: NDArray): tf.Tensor {
  const port = [...module.inputs, ...module.tasks.flatMap(({ inputs }) => inputs)].find((p) => p.value.name === name);
  const dtype = { f32: "float32", i32: "int32", bool: "bool" } as const;
  return tf.tensor(Float32Array.from(data), [...shape], dtype[port?.value.type.dtype ?? "f32"]);
}

/** A weight in the order of axes in which it is declared. */
function weightOf({ optimized }: Lowered, weights: unknown, address: string): NDArray {
  let found: unknown = weights;
  for (const part of address.split(".")) found = typeof found === "object" && found ? Reflect.get(found, part) : found;
  if (!isTensor(found)) throw new Error(`there is no weight ${address}`);
  const path = address.split(".").map((part) => (/^\d+$/.test(part) ? constant(Number(part)) : part));
  const weight = findWeight(optimized.module.weights, path, asConstant);
  const isTurned = weight?.kind === "weight" && optimized.transposed.has(weight);
  const turned = isTurned ? tf.transpose(found) : found;
  const array = { shape: turned.shape, data: Float64Array.from(turned.dataSync()) };
  if (isTurned) turned.dispose();
  return array;
}
