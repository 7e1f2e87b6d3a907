import type { Lowered } from "../lower.js";
import type { Task } from "../ir/graph.js";
import { constant, evaluateExactly, multiply, printDim, type Atom, type Dim } from "../shapes/index.js";
import { cachedPerToken, flopsOf, runTimeAxes, sequenceAxes, workEach } from "./cost.js";
import { groupsOf, parametersOf } from "./parameters.js";

/** A count as a formula over the config, and under this config as a number. */
export interface Amount {
  readonly formula: string;
  readonly value: bigint;
}

export interface SummaryGroup extends Amount {
  readonly address: string;
  /** The last part of the address. */
  readonly label: string;
  readonly depth: number;
}

export interface Summary {
  readonly model: string;
  readonly config: string;
  /** Groups of depth 1 are counted once, not as often as they are repeated. */
  readonly groups: readonly SummaryGroup[];
  readonly parameters: Amount;
  /** As f32. */
  readonly weightBytes: Amount;
  /** For each task, by name. */
  readonly tasks: readonly TaskSummary[];
}

export interface TaskSummary {
  readonly name: string;
  /** For one position of one sequence, in a pass over `length` of them; or, where not every part has them, for one example. */
  readonly flops: Amount;
  readonly per: "token" | "example";
  /** Absent where the file does not generate with this task. */
  readonly cacheBytesPerToken: Amount | undefined;
}

const bytes = constant(4);

/** Counts a compiled model, with sequences of `length` positions. */
export function summarise({ module, optimized, numbers, generation }: Lowered, length: number): Summary {
  const atoms = new Map<Atom, number>(numbers);
  const runTime = runTimeAxes(optimized.module);
  const sequences = sequenceAxes(optimized.module);
  for (const axis of runTime) atoms.set(axis, sequences.includes(axis) ? length : 1);
  const amount = (dim: Dim): Amount => {
    const value = evaluateExactly(dim, (atom) => atoms.get(atom));
    if (value === undefined) throw new Error(`${printDim(dim)} of ${module.model} is not known from its config`);
    return { formula: printDim(dim), value };
  };
  const flopsFor = (task: Task): Pick<TaskSummary, "flops" | "per"> => {
    const { flops, per } = workEach(optimized.module, flopsOf(optimized.module, task));
    return { flops: amount(flops), per };
  };
  const parameters = parametersOf(module.weights);
  return {
    model: module.model,
    config: module.configName,
    groups: groupsOf(module.weights).map(({ path, depth, parameters }) => {
      const steps = path.map(({ label, count }) => (count ? `${label}[0..${amount(count).value - 1n}]` : label));
      return { address: steps.join("."), label: steps.at(-1) ?? "", depth, ...amount(parameters) };
    }),
    parameters: amount(parameters),
    weightBytes: amount(multiply(bytes, parameters)),
    tasks: optimized.module.tasks.map((task) => ({
      name: task.name,
      ...flopsFor(task),
      cacheBytesPerToken:
        generation?.task === task.name ? amount(multiply(bytes, cachedPerToken(optimized.module, task))) : undefined,
    })),
  };
}
