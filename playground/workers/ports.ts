/** What a model's tasks take and give, as plain data for the page. */
import type { Lowered } from "../../compiler/index.js";
import { evaluate, printDim } from "../../compiler/shapes/index.js";

export interface Ports {
  readonly model: string;
  readonly config: string;
  readonly parameters: number;
  readonly tasks: readonly TaskPort[];
  /** Absent where the file does not generate with this model. */
  readonly generation: Generation | undefined;
}

export interface Generation {
  readonly task: string;
  /** The input that the text is: it begins with the prompt and grows. */
  readonly prompt: string;
  readonly maxTokens: number | undefined;
}

export interface TaskPort {
  readonly name: string;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly string[];
}

export interface InputPort {
  readonly name: string;
  readonly dtype: string;
  readonly isOptional: boolean;
  /** Numbers are the config's; names are sizes that each call may choose. */
  readonly axes: readonly (number | string)[];
  /** Whole numbers are to be below this, where they look something up. */
  readonly below: number | undefined;
}

/** `numbers`: the config's, as `Lowered` has them. */
export function portsOf({ module, checkpoint, numbers, generation }: Lowered, parameters: bigint | undefined): Ports {
  type Port = (typeof module.inputs)[number];
  const inputOf = ({ value, fallback, below }: Port, isRead: boolean): InputPort => ({
    name: value.name,
    dtype: value.type.dtype,
    isOptional: fallback !== undefined || !isRead,
    axes: value.type.axes.map(({ dim }) => evaluate(dim, (atom) => numbers.get(atom)) ?? printDim(dim)),
    below: below && evaluate(below, (atom) => numbers.get(atom)),
  });
  return {
    model: module.model,
    config: module.configName,
    parameters: Number(parameters ?? 0n),
    tasks: module.tasks.map((task) => {
      // What serves the loss alone need not be given.
      const read = new Set(
        [...module.inputs, ...task.forward.parameters.map((value) => ({ value }))].map(({ value }) => value.name),
      );
      return {
        name: task.name,
        inputs: [...module.inputs, ...task.inputs].map((port) => inputOf(port, read.has(port.value.name))),
        outputs: task.outputs.map((name) => checkpoint.outputs.get(name) ?? name),
      };
    }),
    generation: generation && {
      task: generation.task,
      prompt: generation.decoding.prompt.value.name,
      maxTokens: generation.sampling.maxTokens,
    },
  };
}
