/** GPT-2's module at a small size, as text and running. */
import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { compile, toJavaScript } from "tfmc";
import * as runtime from "tfmc/runtime";
import { sourceOf } from "./examples.js";

interface SmallInputs {
  readonly ids: readonly (readonly number[])[];
  readonly media?: tf.Tensor;
}

export interface SmallGpt2 {
  initialise(seed: number): unknown;
  lm(weights: unknown, inputs: SmallInputs, cache?: runtime.Cache): tf.Tensor;
  lmLoss(weights: unknown, inputs: SmallInputs): tf.Tensor;
  generate(
    weights: unknown,
    prompt: readonly number[],
    options?: runtime.GenerateOptions,
  ): AsyncGenerator<number, void>;
}

/** All sizes different, the head count no power of two, the width no multiple of four. */
export const sizes = { vocab: 61, ctx: 1100, d: 30, depth: 2, heads: 3, ff: 44 };

/** `edit` changes the example's text first. */
export async function emitSmall(
  example: string,
  set: Record<string, number | boolean> = sizes,
  edit = (text: string): string => text,
): Promise<string> {
  const overrides = new Map(Object.entries(set).map(([name, value]) => [name, String(value)]));
  const edited = (path: string): string | undefined => {
    const text = sourceOf(path);
    return text === undefined ? undefined : edit(text);
  };
  const { code, problems } = await compile(`examples/${example}.tfm`, edited, { set: overrides });
  if (code === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return code;
}

export async function runSmall(
  example: string,
  set?: Record<string, number | boolean>,
  edit?: (text: string) => string,
): Promise<SmallGpt2> {
  const exports: Partial<SmallGpt2> = {};
  const modules: Record<string, unknown> = { "@tensorflow/tfjs-core": tf, "tfmc/runtime": runtime };
  const code = await toJavaScript(await emitSmall(example, set, edit), "commonjs");
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
