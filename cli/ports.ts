/** A task as it looks from outside, by the names of the checkpoint: `input_ids` for `ids`. */
import { remembers, type Lowered } from "../compiler/index.js";
import { Failure } from "./failure.js";

export interface OutsideInput {
  /** As the source and the emitted function call it. */
  readonly name: string;
  readonly external: string;
  /** Whether the task may do without: it has a fallback, or serves the loss alone. */
  readonly optional: boolean;
  /** Whether the loss alone reads it. */
  readonly isForLoss: boolean;
  /** Whether its entries are rows of a table, such as token ids. */
  readonly takesTokens: boolean;
  /** How many axes it has. */
  readonly rank: number;
}

export interface OutsideTask {
  readonly name: string;
  /** The model's inputs, then the task's own. */
  readonly inputs: readonly OutsideInput[];
  /** What it gives, in order: as the emitted function calls it, and as the checkpoint does. */
  readonly outputs: readonly { readonly name: string; readonly external: string }[];
  readonly hasLoss: boolean;
  /** Whether what it gives depends on the calls before. */
  readonly remembers: boolean;
}

export function tasksOf({ module, checkpoint }: Lowered): OutsideTask[] {
  return module.tasks.map((task) => {
    const read = new Set([
      ...module.inputs.map(({ value }) => value.name),
      ...task.forward.parameters.map(({ name }) => name),
    ]);
    return {
      name: task.name,
      inputs: [...module.inputs, ...task.inputs].map(({ value, fallback, below }) => ({
        name: value.name,
        external: checkpoint.inputs.get(value.name) ?? value.name,
        optional: fallback !== undefined || !read.has(value.name),
        isForLoss: !read.has(value.name),
        takesTokens: value.type.dtype === "i32" && value.type.axes.length === 2 && below !== undefined,
        rank: value.type.axes.length,
      })),
      outputs: task.outputs.map((name) => ({ name, external: checkpoint.outputs.get(name) ?? name })),
      hasLoss: task.loss !== undefined,
      remembers: remembers(module, task),
    };
  });
}

/** The task that was asked for, or the only one. */
export function chooseTask(lowered: Lowered, wanted: string | undefined): OutsideTask {
  const tasks = tasksOf(lowered);
  const names = tasks.map(({ name }) => name).join(", ");
  const [first] = tasks;
  if (!first) {
    const { model } = lowered.module;
    throw wanted === undefined
      ? new Failure(`${model} has no task`, "declare one: task lm() on ... as x { ... }")
      : new Failure(`${model} has no task ${wanted}`);
  }
  if (wanted === undefined && tasks.length > 1)
    throw new Failure(`there are several tasks: ${names}`, "name one with --task");
  return first;
}

/**
 * The inputs of a task out of what was given, by either name, under the emitted function's names.
 * Throws a `Failure` that names what is missing.
 */
export function inputsFor<Given>(
  task: OutsideTask,
  given: ReadonlyMap<string, Given>,
  from: string,
): Record<string, Given> {
  const entries = task.inputs.flatMap(({ name, external, optional }) => {
    const value = given.get(external) ?? given.get(name);
    if (value !== undefined) return [[name, value] as const];
    if (optional) return [];
    const has = given.size > 0 ? `it has ${[...given.keys()].join(", ")}` : "it has no inputs";
    throw new Failure(`${task.name} takes ${external}, which ${from} does not have: ${has}`);
  });
  return Object.fromEntries(entries);
}

/** Refuses names that no input of these tasks has. */
export function refuseStrangers(
  tasks: readonly OutsideTask[],
  given: Iterable<string>,
  prefix: string,
  from: string,
): void {
  const known = new Set(tasks.flatMap(({ inputs }) => inputs.flatMap(({ name, external }) => [name, external])));
  const stranger = [...given].find((name) => !known.has(name));
  if (stranger === undefined) return;
  const inputs = new Set(tasks.flatMap(({ inputs }) => inputs.map(({ external }) => external)));
  throw new Failure(`${from}: no task takes ${prefix}${stranger}`, `the inputs are ${[...inputs].join(", ")}`);
}
