import { compileFunction } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import * as runtime from "../runtime/index.js";
import { toJavaScript } from "../compiler/index.js";

/** What a task takes for one input: a tensor, or numbers in nested arrays. */
export type InputValue = tf.Tensor | readonly runtime.Nested[];

/** What a text goes on from: tokens, or inputs by name. */
export type Beginning = readonly number[] | Readonly<Record<string, InputValue>>;

/** An emitted module, running in this process. Weights are whatever it makes them. */
export interface Executable {
  readonly load: (source: string) => Promise<unknown>;
  /** Writes the weights as `load` reads them. */
  readonly save: (weights: unknown, sink: runtime.Sink) => Promise<unknown>;
  readonly initialise: (seed: number) => unknown;
  /** Runs a task; gives its outputs in order, which the caller disposes. What remembers calls takes a state. */
  readonly run: (
    task: string,
    weights: unknown,
    inputs: Readonly<Record<string, InputValue>>,
    state?: runtime.State,
  ) => readonly tf.Tensor[];
  /** From a prompt, or from the inputs that the text is made of. Absent where the source declares no `generate`. */
  readonly generate:
    ((weights: unknown, from: Beginning, options: runtime.GenerateOptions) => AsyncGenerator<number, void>) | undefined;
}

/** The modules that emitted code may import, as this process has loaded them: tfjs must exist once. */
const modules = new Map<string, unknown>([
  ["@tensorflow/tfjs-core", tf],
  ["tfmc/runtime", runtime],
]);

/** Makes emitted TypeScript run: exactly what `tfmc compile` would write, without its types. */
export async function execute(code: string, name: string): Promise<Executable> {
  const exports: Record<string, unknown> = {};
  const evaluate: unknown = compileFunction(await toJavaScript(code, "commonjs"), ["exports", "require"], {
    filename: name,
  });
  if (!isCallable(evaluate)) throw new TypeError("emitted code is no program");
  evaluate(exports, (specifier: unknown): unknown => {
    if (typeof specifier !== "string" || !modules.has(specifier)) {
      throw new TypeError(`emitted code imports ${String(specifier)}`);
    }
    return modules.get(specifier);
  });
  const generate = exports["generate"];
  return {
    load: async (source) => await callable(exports, "load")(source),
    save: async (weights, sink) => await callable(exports, "save")(weights, sink),
    initialise: (seed) => callable(exports, "initialise")(seed),
    run: (task, weights, inputs, state) => {
      const result = callable(exports, task)(weights, inputs, ...(state ? [state] : []));
      const outputs = isTensor(result) ? [result] : typeof result === "object" ? Object.values(result ?? {}) : [];
      if (outputs.length === 0 || !outputs.every(isTensor))
        throw new TypeError(`${task} of the emitted module gives no tensor`);
      return outputs;
    },
    generate:
      generate === undefined
        ? undefined
        : (weights, from, options) => {
            const tokens = callable(exports, "generate")(weights, from, options);
            if (!isGenerator(tokens)) throw new TypeError("generate of the emitted module gives no tokens");
            return tokens;
          },
  };
}

type Callable = (...operands: readonly unknown[]) => unknown;

function callable(exports: Readonly<Record<string, unknown>>, name: string): Callable {
  const found = exports[name];
  if (!isCallable(found)) throw new TypeError(`the emitted module exports no function ${name}`);
  return found;
}

const isCallable = (value: unknown): value is Callable => typeof value === "function";

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

function isGenerator(value: unknown): value is AsyncGenerator<number, void> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
