/** A program checked, compiled and computed: what the checker says, and whether that is what happens. */
import { check, hasErrors, type Lowered, type Problem } from "tfmc";
import { interpretLoss, interpretOutputs, type NDArray } from "../../compiler/ir/interpret.js";
import type { Module, Port } from "../../compiler/ir/graph.js";
import { lower } from "../../compiler/lower.js";
import { openWorkspace } from "../../compiler/workspace.js";
import { asAtom, evaluate, evaluateCondition, type Atom, type Dim } from "../../compiler/shapes/index.js";
import { randomArray, randomWeights } from "../ir/random-weights.js";

export const fileName = "program.tfm";
const reading = (text: string) => (path: string) => (path === fileName ? text : undefined);

export const errorsOf = (text: string): Problem[] =>
  check(fileName, reading(text)).problems.filter(({ severity }) => severity === "error");

export const describe = (problems: readonly Problem[]): string =>
  problems.map(({ code, message }) => `${code} ${message}`).join("\n");

/** The program under some numbers; `lowered` is absent where these are refused, which a config may be. */
export type Lower = (settings: ReadonlyMap<string, string>) => { lowered?: Lowered; problems: readonly Problem[] };

/** A text that is read once, as `lowerFile` reads it, and lowered under one choice of numbers after the other. */
export function lowering(text: string): Lower {
  const view = openWorkspace(fileName, reading(text)).look();
  return (settings) => {
    if (!view) return { problems: [] };
    const { program } = view;
    const known = [...program.problems, ...view.problems];
    const [config] = program.entry.configs.values();
    const { lowered, problems } = hasErrors(known)
      ? { lowered: undefined, problems: [] }
      : lower(program, program.entry, config, { set: settings });
    const all = [...known, ...problems];
    return hasErrors(all) || !lowered ? { problems: all } : { problems: all, lowered };
  };
}

/** Sizes that a call brings, by their atoms; axes that no name gives a size have one of 3. */
export function inputSizes(module: Module, numbers: ReadonlyMap<string, number>): Map<Atom, number> {
  const sizes = new Map<Atom, number>();
  for (const { atom, value } of module.config) if (atom && typeof value === "number") sizes.set(atom, value);
  for (const { value } of portsOf(module))
    for (const { dim } of value.type.axes) {
      const atom = asAtom(dim);
      if (atom && !sizes.has(atom)) sizes.set(atom, numbers.get(atom.name) ?? (atom.name === "batch" ? 2 : 3));
    }
  return sizes;
}

const portsOf = ({ inputs, tasks }: Module): Port[] => [...inputs, ...tasks.flatMap((task) => task.inputs)];

/** Whether a call with inputs of these sizes is let in. */
export const isLetIn = ({ guards }: Module, sizes: ReadonlyMap<Atom, number>): boolean =>
  guards.every(({ condition }) => evaluateCondition(condition, (atom) => sizes.get(atom)) === true);

export function inputsFor(module: Module, sizes: ReadonlyMap<Atom, number>): ReadonlyMap<string, NDArray> {
  const sizeOf = (dim: Dim): number => evaluate(dim, (atom) => sizes.get(atom)) ?? NaN;
  return new Map(
    portsOf(module).map(({ value, below }) => {
      const array = randomArray(value.type.axes.map(({ dim }) => sizeOf(dim)), value.name); // prettier-ignore
      const limit = below ? Math.max(sizeOf(below), 1) : 3;
      const entry = { f32: (x: number) => x, i32: (x: number) => Math.floor(((x + 1) / 2) * limit), bool: (x: number) => (x > 0 ? 1 : 0) }; // prettier-ignore
      return [value.name, { ...array, data: array.data.map(entry[value.type.dtype]) }];
    }),
  );
}

/** One output of a task. */
export interface Outcome {
  readonly task: string;
  readonly shape: readonly number[];
  readonly data: NDArray["data"];
}

/** All outputs and losses of the model's tasks as the naive interpreter has them; it holds every value to its type. */
export function compute({ module }: Lowered, sizes: ReadonlyMap<Atom, number>): Outcome[] {
  const inputs = inputsFor(module, sizes);
  const weights = randomWeights(module);
  return module.tasks.flatMap(({ name, loss }) => {
    const given = { inputs, weights, state: new Map<string, NDArray>() };
    if (loss) interpretLoss(module, name, { inputs, weights });
    const outputs = [...interpretOutputs(module, name, given).values()];
    // What the first call keeps is what the second starts from.
    if (given.state.size > 0) interpretOutputs(module, name, given);
    return outputs.map(({ shape, data }) => ({ task: name, shape, data }));
  });
}
