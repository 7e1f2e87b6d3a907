import * as tf from "@tensorflow/tfjs-core";
import { assertNoGpuErrors, read } from "../../runtime/index.js";
import type { InputValue } from "../execute.js";
import { openModel, type ModelOptions } from "../open-model.js";
import { Failure } from "../failure.js";
import { chooseTask, inputsFor, refuseStrangers, type OutsideTask } from "../ports.js";
import { orFailure } from "../refusal.js";
import { createTaps } from "./taps.js";
import { readInputs } from "./read-inputs.js";
import { runCalls } from "./run-calls.js";
import type { Output } from "./write-output.js";

export interface RunOptions extends ModelOptions {
  readonly input: readonly string[];
  /** Addresses whose values are wanted beside the outputs. */
  readonly tap?: readonly string[] | undefined;
}

export interface RunResult {
  readonly outputs: readonly Output[];
  /** What was asked for by address. */
  readonly tapped: readonly Output[];
  /** Inputs of whole numbers, such as tokens: for each a list for each example. */
  readonly tokens: readonly (readonly (readonly number[])[])[];
  readonly backend: string;
}

/** Runs one task of a file on inputs. */
export async function runTask(file: string, options: RunOptions): Promise<RunResult> {
  const { tap = [] } = options;
  const model = await openModel(file, { ...options, tapped: tap.length > 0 });
  const taps = createTaps(tap);
  const task = chooseTask(model.lowered, options.task);
  const given = await readInputs(options.input);
  try {
    refuseStrangers([task], given.keys(), "", "--input");
    refuseLabels(task, options.input);
    const inputs = inputsFor(task, given, "--input");
    return await orFailure(async () => {
      const results = runCalls(model, task, inputs, tap.length > 0 ? taps.watch : undefined);
      try {
        taps.requireAll();
        const outputs: Output[] = [];
        for (const [n, { external }] of task.outputs.entries()) {
          const result = results[n];
          if (!result) throw new TypeError(`${task.name} of the emitted module gives no ${external}`);
          outputs.push(await readOutput(external, result));
        }
        const tapped: Output[] = [];
        for (const [address, value] of taps.found) tapped.push(await readOutput(address, value));
        assertNoGpuErrors();
        return { outputs, tapped, tokens: await readTokens(Object.values(inputs)), backend: model.backend.name };
      } finally {
        tf.dispose([...results, ...taps.found.values()]);
      }
    });
  } finally {
    tf.dispose([...given.values()].filter((value) => value instanceof tf.Tensor));
  }
}

/** What is written out and has no effect is a mistake; a file may hold more than this task needs. */
function refuseLabels({ name: task, inputs }: OutsideTask, written: readonly string[]): void {
  for (const { name, external, isForLoss } of inputs) {
    const given = [name, external].find((each) => written.some((text) => text.startsWith(`${each}=`)));
    if (isForLoss && given !== undefined)
      throw new Failure(`--input: ${task} does not read ${given}`, "it is for the loss, which training computes");
  }
}

async function readOutput(name: string, tensor: tf.Tensor): Promise<Output> {
  return { name, dtype: tensor.dtype, shape: tensor.shape, data: await read(tensor) };
}

async function readTokens(inputs: readonly InputValue[]): Promise<number[][][]> {
  const found: number[][][] = [];
  for (const input of inputs) {
    const rows: unknown = input instanceof tf.Tensor ? (input.dtype === "int32" ? await input.array() : []) : input;
    if (Array.isArray(rows) && rows.length > 0 && rows.every(isTokens)) found.push(rows);
  }
  return found;
}

const isTokens = (row: unknown): row is number[] => Array.isArray(row) && row.every((token) => Number.isInteger(token));
