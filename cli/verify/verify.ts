import * as tf from "@tensorflow/tfjs-core";
import { assertNoGpuErrors, read } from "../../runtime/index.js";
import { Failure } from "../failure.js";
import { openModel, type ModelOptions, type OpenModel } from "../open-model.js";
import { inputsFor, refuseStrangers, tasksOf, type OutsideTask } from "../ports.js";
import { orFailure } from "../refusal.js";
import { runCalls } from "../run/run-calls.js";
import { createTaps } from "../run/taps.js";
import { compareNumbers, type OutputReport } from "./compare.js";
import { verifyGreedy } from "./greedy.js";
import { readReference, toTensor, type Reference } from "./reference.js";

export interface VerifyOptions extends ModelOptions {
  readonly weights: string;
  readonly io: string;
  /** The largest relative error that passes. */
  readonly tolerance: number;
  /** Addresses whose values are compared as well, with the reference's `out.ADDRESS`; the run is one that can be looked into. */
  readonly tap?: readonly string[] | undefined;
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

  const { tap = [], tolerance } = options;
  const watched = tap.length > 0 ? await openModel(file, { ...options, tapped: true }) : model;
  const outputs: Record<string, OutputReport> = {};
  for (const task of tasks) Object.assign(outputs, await verifyTask(watched, task, reference, tolerance, tap));
  const { greedy } = reference;
  if (greedy && model.executable.generate) outputs["greedy"] = await verifyGreedy(model, reference, greedy);
  await orFailure(assertNoGpuErrors);

  const reports = Object.values(outputs);
  if (reports.length === 0) throw nothingToCompare(reference, all);
  const ok = reports.every((report) => report.ok);
  // A reference of one task says nothing of the others.
  const noted = tasks.length > 0 ? tasks : all;
  return { ok, backend: model.backend.name, outputs, notes: notesOn(model, reference, noted, outputs) };
}

async function verifyTask(
  model: OpenModel,
  task: OutsideTask,
  reference: Reference,
  tolerance: number,
  tap: readonly string[],
): Promise<Record<string, OutputReport>> {
  const taps = createTaps(tap);
  const stored = inputsFor(task, reference.inputs, reference.file);
  const inputs = Object.fromEntries(Object.entries(stored).map(([name, tensor]) => [name, toTensor(tensor)]));
  try {
    return await orFailure(async () => {
      const losses = lossOf(task, reference) ? model.executable.run(`${task.name}Loss`, model.weights, inputs) : [];
      const results = [...runCalls(model, task, inputs, tap.length > 0 ? taps.watch : undefined), ...losses];
      const names = [...task.outputs.map(({ external }) => external), ...losses.map(() => lossName)];
      const reports: Record<string, OutputReport> = {};
      try {
        taps.requireAll();
        const given = [...names.map((name, n) => [name, results[n]] as const), ...taps.found];
        for (const [name, output] of given) {
          const due = reference.outputs.get(name);
          if (output && due)
            reports[name] = compareNumbers({ shape: output.shape, data: await read(output) }, due, tolerance);
        }
        return reports;
      } finally {
        tf.dispose([...results, ...taps.found.values()]);
      }
    });
  } finally {
    tf.dispose(inputs);
  }
}

/** What a reference calls the loss. */
const lossName = "loss";

/** Whether the task has a loss that the reference knows; an output of that name goes first. */
const lossOf = (task: OutsideTask, { outputs }: Reference): boolean =>
  task.hasLoss && outputs.has(lossName) && !task.outputs.some(({ external }) => external === lossName);

function nothingToCompare({ file, outputs }: Reference, tasks: readonly OutsideTask[]): Failure {
  const has = [...outputs.keys()].map((name) => `out.${name}`).join(", ") || "out.greedy";
  const gives = tasks.flatMap(({ outputs: own }) => own.map(({ external }) => external)).join(", ");
  return new Failure(`nothing to compare: ${file} has ${has}; the model gives ${gives || "nothing"}`);
}

function notesOn(
  { executable }: OpenModel,
  reference: Reference,
  tasks: readonly OutsideTask[],
  compared: Readonly<Record<string, OutputReport>>,
): string[] {
  const declared = new Set(tasks.flatMap(({ outputs }) => outputs.map(({ external }) => external)));
  const without = [...declared].filter((name) => !reference.outputs.has(name));
  if (tasks.some((task) => lossOf(task, reference))) declared.add(lossName);
  const unknown = [...reference.outputs.keys()].filter((name) => !declared.has(name) && !(name in compared));
  return [
    ...without.map((name) => `${name} has no reference in ${reference.file}`),
    ...unknown.map((name) => `out.${name} is not an output of the model`),
    ...(reference.greedy && !executable.generate
      ? ["out.greedy is not compared: the file declares no `generate`"]
      : []),
  ];
}
