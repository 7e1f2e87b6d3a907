import { expect } from "vitest";
import { runAllWays, type Inputs } from "./run-ways.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { largestDifference } from "../ir/largest-difference.js";

/** `value("i32", [2, 3], (b, n) => ...)`: an array by a formula for its entries. */
export function value(shape: readonly number[], entry: (...index: number[]) => number): NDArray {
  const size = shape.reduce((product, each) => product * each, 1);
  const at = (flat: number): number[] => {
    const index: number[] = [];
    for (const length of [...shape].reverse()) {
      index.unshift(flat % length);
      flat = Math.floor(flat / length);
    }
    return index;
  };
  return { shape, data: Float64Array.from({ length: size }, (_, flat) => entry(...at(flat))) };
}

/** The entry of an array at an index; 0-dimensional arrays have one. */
export function at({ shape, data }: NDArray, ...index: number[]): number {
  return data[shape.reduce((flat, length, n) => flat * length + (index[n] ?? NaN), 0)] ?? NaN;
}

export const range = (length: number): number[] => Array.from({ length }, (_, n) => n);
export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export function softmax(numbers: readonly number[]): number[] {
  const powers = numbers.map((x) => Math.exp(x - Math.max(...numbers)));
  return powers.map((power) => power / sum(powers));
}

interface Given {
  /** `x: f32[batch, seq, d]`, the inputs of the model. */
  readonly inputs: string;
  /** The model's variables, `batch` aside: `[seq]`. */
  readonly variables?: string;
  readonly config?: string;
  readonly where?: string;
  /** Statements, then what is returned. */
  readonly body: string;
  readonly result: string;
  readonly values: Inputs;
  readonly weights?: Readonly<Record<string, NDArray>>;
  /** Says the body as a loss, which may mix the examples of a batch. */
  readonly inLoss?: boolean;
}

/** The model computes what `due` says, by the interpreter, optimised, and as TypeScript. */
export async function expectModel(given: Given, due: NDArray): Promise<void> {
  const text = modelText(given);
  const run = await runAllWays(text, given.inLoss ? "tLoss" : "t", given.values, given.weights);
  expect(run.interpreted.shape).toEqual(due.shape);
  expect(largestDifference(run.interpreted, due), "interpreted").toBeLessThan(1e-9);
  expect(run.optimised, "optimised").toBeLessThan(1e-9);
  expect(run.emitted, "emitted").toBeLessThan(2e-5);
}

function modelText({ inputs, variables = "", config = "", where = "", body, result, inLoss = false }: Given): string {
  if (inLoss) return lossText(inputs, variables, body);
  const facts = where === "" ? "" : ` where ${where}`;
  return `model M${variables}{${config}}(${inputs}) -> ${result}${facts} {\n${body}\n}
    task t() on M as y -> ${result} { return y }
    config m = M{}`;
}

/** The inputs' first is what the model gives; the loss sees them all. */
function lossText(inputs: string, variables: string, body: string): string {
  const [, name = "", type = ""] = /^(\w+): (\w+\[[^\]]*\])/.exec(inputs) ?? [];
  return `model M${variables}(${inputs}) -> ${type} { return ${name} }
    task t() on M as y_ -> ${type} {\n loss ${body.replace("return ", "")}\n return y_ }
    config m = M{}`;
}
