import * as tf from "@tensorflow/tfjs-core";
import { assertNoGpuErrors, read, type StoredTensor } from "../../runtime/index.js";
import { Failure } from "../failure.js";
import { openModel, type ModelOptions, type OpenModel } from "../open-model.js";
import { inputsFor, refuseStrangers, tasksOf, type OutsideTask } from "../ports.js";
import { orFailure } from "../refusal.js";
import { compareNumbers, type OutputReport } from "./compare.js";
import { verifyGreedy } from "./greedy.js";
import { readReference, type Reference } from "./reference.js";

export interface VerifyOptions extends ModelOptions {
  readonly weights: string;
  readonly io: string;
  /** The largest relative error that passes. */
  readonly tolerance: number;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly backend: string;
  readonly outputs: Readonly<Record<string, OutputReport>>;
  /** What was not compared, and why. */
  readonly notes: readonly string[];
}

/** Runs a model on reference inputs and compares every output that it declares. Throws a `Failure` where it cannot. */
export async function verify(file: string, options: VerifyOptions): Promise<VerifyReport> {
  const reference = await readReference(options.io);
  const model = await openModel(file, options);
  const all = tasksOf(model.lowered);
  refuseStrangers(all, reference.inputs.keys(), "in.", reference.file);
  const tasks = all.filter(({ output }) => reference.outputs.has(output));
  const twice = tasks.find(({ name, output }) => tasks.some((other) => other.output === output && other.name !== name));
  if (twice) throw new Failure(`several tasks give ${twice.output}`, "name one with --task");

  const outputs: Record<string, OutputReport> = {};
  for (const task of tasks) {
    const due = reference.outputs.get(task.output);
    if (due) outputs[task.output] = await verifyTask(model, task, reference, due, options.tolerance);
  }
  const { greedy } = reference;
  if (greedy && model.executable.generate) outputs["greedy"] = await verifyGreedy(model, reference, greedy);
  await orFailure(assertNoGpuErrors);

  const reports = Object.values(outputs);
  if (reports.length === 0) throw nothingToCompare(reference, all);
  const ok = reports.every((report) => report.ok);
  return { ok, backend: model.backend.name, outputs, notes: notesOn(model, reference, all) };
}

async function verifyTask(
  { executable, weights }: OpenModel,
  task: OutsideTask,
  reference: Reference,
  due: StoredTensor,
  tolerance: number,
): Promise<OutputReport> {
  const stored = inputsFor(task, reference.inputs, reference.file);
  const inputs = Object.fromEntries(Object.entries(stored).map(([name, tensor]) => [name, toTensor(tensor)]));
  try {
    return await orFailure(async () => {
      const output = executable.run(task.name, weights, inputs);
      try {
        return compareNumbers({ shape: output.shape, data: await read(output) }, due, tolerance);
      } finally {
        output.dispose();
      }
    });
  } finally {
    tf.dispose(inputs);
  }
}

function toTensor({ shape, data }: StoredTensor): tf.Tensor {
  return tf.tensor(data, [...shape], data instanceof Float32Array ? "float32" : "int32");
}

function nothingToCompare({ file, outputs }: Reference, tasks: readonly OutsideTask[]): Failure {
  const has = [...outputs.keys()].map((name) => `out.${name}`).join(", ") || "out.greedy";
  const gives = tasks.map(({ output }) => output).join(", ");
  return new Failure(`nothing to compare: ${file} has ${has}; the model gives ${gives || "nothing"}`);
}

function notesOn({ executable }: OpenModel, reference: Reference, tasks: readonly OutsideTask[]): string[] {
  const declared = new Set(tasks.map(({ output }) => output));
  const without = [...declared].filter((name) => !reference.outputs.has(name));
  const unknown = [...reference.outputs.keys()].filter((name) => !declared.has(name));
  return [
    ...without.map((name) => `${name} has no reference in ${reference.file}`),
    ...unknown.map((name) => `out.${name} is not an output of the model`),
    ...(reference.greedy && !executable.generate
      ? ["out.greedy is not compared: the file declares no `generate`"]
      : []),
  ];
}
