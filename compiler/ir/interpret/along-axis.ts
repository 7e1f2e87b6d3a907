/** Along one axis, each line of entries by itself. */
import type { AlongName, AlongNode } from "../graph.js";
import { entryAt, mapLines, tabulate, type NDArray } from "./array.js";

type Line = readonly number[];

const sumsSoFar = (line: Line): Line => {
  let sum = 0;
  return line.map((entry) => (sum += entry));
};

/** Places in rising order; `sort` leaves equal ones as they are. */
const risingOrder = (line: Line): Line => line.map((_, n) => n).sort((a, b) => (line[a] ?? NaN) - (line[b] ?? NaN));

const placeOfLargest = (line: Line): number =>
  line.reduce((best, entry, n) => (entry > (line[best] ?? -Infinity) ? n : best), 0);

const lines: Readonly<Record<AlongName, (line: Line) => Line>> = {
  cumsum: sumsSoFar,
  argsort: risingOrder,
  argmax: (line) => line.map(() => placeOfLargest(line)),
};

export function interpretAlong({ name, axis }: AlongNode, operand: NDArray): NDArray {
  const made = mapLines(operand, axis, lines[name]);
  if (name !== "argmax") return made;
  return tabulate(operand.shape.toSpliced(axis, 1), (index) => entryAt(made, index.toSpliced(axis, 0, 0)));
}

export function interpretRoll(operand: NDArray, axis: number, by: number): NDArray {
  const length = operand.shape[axis] ?? 0;
  return tabulate(operand.shape, (index) => {
    const from = ((((index[axis] ?? 0) - by) % length) + length) % length;
    return entryAt(operand, index.with(axis, from));
  });
}
