import type { Module } from "../../compiler/ir/graph.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { evaluate, type Atom, type Dim } from "../../compiler/shapes/index.js";
import { randomArray } from "./random-weights.js";

/** Sizes that a call brings, by their names in the source. */
const lengths: Readonly<Record<string, number>> = { batch: 2, other: 2, seq: 5 };

/** Inputs of the model and all its tasks that fit its config: random, the same each time. */
export function randomInputs({ config, inputs, tasks }: Module): ReadonlyMap<string, NDArray> {
  const numbers = new Map<Atom, number>();
  for (const { atom, value } of config) if (atom && typeof value === "number") numbers.set(atom, value);
  const size = (dim: Dim): number => evaluate(dim, (atom) => numbers.get(atom) ?? lengths[atom.name] ?? 3) ?? NaN;
  const ports = [...inputs, ...tasks.flatMap((task) => task.inputs)];
  return new Map(
    ports.map(({ value, below }) => {
      const array = randomArray(
        value.type.axes.map(({ dim }) => size(dim)),
        value.name,
      );
      const limit = below ? size(below) : 2;
      const entries: Readonly<Record<typeof value.type.dtype, (x: number) => number>> = {
        f32: (x) => x,
        i32: (x) => Math.floor(((x + 1) / 2) * limit),
        bool: (x) => (x > 0 ? 1 : 0),
      };
      return [value.name, { ...array, data: array.data.map(entries[value.type.dtype]) }];
    }),
  );
}
