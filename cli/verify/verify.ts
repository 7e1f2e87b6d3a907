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
  const tasks = all.filter((task) => task.outputs.some(({ external }) => reference.outputs.has(external)));
  const names = tasks.flatMap((task) => task.outputs.map(({ external }) => external));
  const twice = names.find((name, n) => reference.outputs.has(name) && names.indexOf(name) < n);
  if (twice !== undefined) throw new Failure(`several tasks give ${twice}`, "name one with --task");

  const outputs: Record<string, OutputReport> = {};
  for (const task of tasks) Object.assign(outputs, await verifyTask(model, task, reference, options.tolerance));
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
  tolerance: number,
): Promise<Record<string, OutputReport>> {
  const stored = inputsFor(task, reference.inputs, reference.file);
  const inputs = Object.fromEntries(Object.entries(stored).map(([name, tensor]) => [name, toTensor(tensor)]));
  try {
    return await orFailure(async () => {
      const results = executable.run(task.name, weights, inputs);
      const reports: Record<string, OutputReport> = {};
      try {
        for (const [n, { external }] of task.outputs.entries()) {
          const [output, due] = [results[n], reference.outputs.get(external)];
          if (output && due)
            reports[external] = compareNumbers({ shape: output.shape, data: await read(output) }, due, tolerance);
        }
        return reports;
      } finally {
        tf.dispose([...results]);
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
  const gives = tasks.flatMap(({ outputs: own }) => own.map(({ external }) => external)).join(", ");
  return new Failure(`nothing to compare: ${file} has ${has}; the model gives ${gives || "nothing"}`);
}

function notesOn({ executable }: OpenModel, reference: Reference, tasks: readonly OutsideTask[]): string[] {
  const declared = new Set(tasks.flatMap(({ outputs }) => outputs.map(({ external }) => external)));
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
