/** GPT-2's module at a small size, as text and running. */
import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { compile, toJavaScript } from "tfmc";
import * as runtime from "tfmc/runtime";
import { sourceOf } from "./examples.js";

export interface SmallGpt2 {
  initialise(seed: number): unknown;
  lm(weights: unknown, inputs: { ids: readonly (readonly number[])[] }, cache?: runtime.Cache): tf.Tensor;
  lmLoss(weights: unknown, inputs: { ids: readonly (readonly number[])[] }): tf.Tensor;
  generate(
    weights: unknown,
    prompt: readonly number[],
    options?: runtime.GenerateOptions,
  ): AsyncGenerator<number, void>;
}

/** All sizes different, the head count no power of two, the width no multiple of four. */
export const sizes = { vocab: 61, ctx: 1100, d: 30, depth: 2, heads: 3, ff: 44 };

export async function emitSmall(example: string, set: Record<string, number> = sizes): Promise<string> {
  const overrides = new Map(Object.entries(set).map(([name, value]) => [name, String(value)]));
  const { code, problems } = await compile(`examples/${example}.tfm`, sourceOf, { set: overrides });
  if (code === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return code;
}

export async function runSmall(example: string, set?: Record<string, number>): Promise<SmallGpt2> {
  const exports: Partial<SmallGpt2> = {};
  const modules: Record<string, unknown> = { "@tensorflow/tfjs-core": tf, "tfmc/runtime": runtime };
  const code = await toJavaScript(await emitSmall(example, set), "commonjs");
  const evaluate: unknown = compileFunction(code, ["exports", "require"]);
  if (typeof evaluate !== "function") throw new Error("the module is no program");
  Reflect.apply(evaluate, undefined, [exports, (name: string) => modules[name]]);
  if (!isComplete(exports)) throw new Error("the module lacks an export");
  return exports;
}

function isComplete(exports: Partial<SmallGpt2>): exports is SmallGpt2 {
  return (
    exports.initialise !== undefined &&
    exports.lm !== undefined &&
    exports.lmLoss !== undefined &&
    exports.generate !== undefined
  );
}
