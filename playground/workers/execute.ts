/** Makes emitted code run. */
import * as tf from "@tensorflow/tfjs-core";
import * as runtime from "../../runtime/index.js";

export type Inputs = Readonly<Record<string, readonly runtime.Nested[]>>;

/** An emitted module, running in this worker. */
export interface Executable {
  readonly load: (source: URL) => Promise<unknown>;
  readonly initialise: (seed: number) => unknown;
  /** Gives a task's outputs in order, which the caller disposes. */
  readonly run: (task: string, weights: unknown, inputs: Inputs, state?: runtime.State) => readonly tf.Tensor[];
  readonly generate: (
    weights: unknown,
    from: readonly number[] | Inputs,
    options: runtime.GenerateOptions,
  ) => AsyncGenerator<number, void>;
}

/** What emitted code may import. */
const modules = new Map<unknown, unknown>([
  ["@tensorflow/tfjs-core", tf],
  ["tfmc/runtime", runtime],
]);

/** `code`: an emitted module without its types, as CommonJS. */
export function execute(code: string): Executable {
  const exports: Record<string, unknown> = {};
  // Whoever opens the page writes what runs here, in a worker that knows nothing of theirs.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const evaluate: unknown = new Function("exports", "require", code);
  if (!isCallable(evaluate)) throw new TypeError("emitted code is no program");
  evaluate(exports, (specifier: unknown): unknown => {
    if (!modules.has(specifier)) throw new TypeError(`emitted code imports ${String(specifier)}`);
    return modules.get(specifier);
  });
  const call = (name: string, ...operands: readonly unknown[]): unknown => {
    const found = exports[name];
    if (!isCallable(found)) throw new TypeError(`the emitted module exports no function ${name}`);
    return found(...operands);
  };
  return {
    load: async (source) => await call("load", source),
    initialise: (seed) => call("initialise", seed),
    run: (task, weights, inputs, state) => {
      const result = call(task, weights, inputs, ...(state ? [state] : []));
      const outputs: unknown[] = isTensor(result) ? [result] : Object.values(result ?? {});
      if (!outputs.every(isTensor)) throw new TypeError(`${task} of the emitted module gives no tensor`);
      return outputs;
    },
    generate: (weights, from, options) => {
      const tokens = call("generate", weights, from, options);
      if (!isGenerator(tokens)) throw new TypeError("generate of the emitted module gives no tokens");
      return tokens;
    },
  };
}

const isCallable = (value: unknown): value is (...operands: readonly unknown[]) => unknown =>
  typeof value === "function";
const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
const isGenerator = (value: unknown): value is AsyncGenerator<number, void> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;
