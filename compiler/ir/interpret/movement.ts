/** The same numbers elsewhere: views, slices, look-ups, joins. */
import { alignAxes } from "../align.js";
import type { GatherNode, ViewNode } from "../graph.js";
import type { Dim } from "../../shapes/index.js";
import { entryAt, sizeOfShape, tabulate, type NDArray } from "./array.js";

/** `size` gives each part of a split its length. Within an axis the first part is the slowest. */
export function interpretView({ split, merge }: ViewNode, operand: NDArray, size: (dim: Dim) => number): NDArray {
  const sizes = new Map(split.flat().map(({ label, dim }) => [label, size(dim)]));
  const sizesOf = (names: readonly string[]): number[] => names.map((name) => sizes.get(name) ?? NaN);
  const shape = merge.map((names) => sizeOfShape(sizesOf(names)));
  return tabulate(shape, (index) => {
    const parts = new Map<string, number>();
    merge.forEach((names, axis) => {
      let rest = index[axis] ?? 0;
      for (const name of [...names].reverse()) {
        const length = sizes.get(name) ?? NaN;
        parts.set(name, rest % length);
        rest = Math.floor(rest / length);
      }
    });
    const place = split.map((axis) => {
      const names = axis.map(({ label }) => label);
      return names.reduce((offset, name, n) => offset * (sizesOf(names)[n] ?? NaN) + (parts.get(name) ?? NaN), 0);
    });
    return entryAt(operand, place);
  });
}

export function interpretSlice(operand: NDArray, axis: number, from: number, to: number): NDArray {
  if (from < 0 || to < from || to > (operand.shape[axis] ?? 0)) {
    throw new RangeError(`a slice ${from}..${to} of an axis of ${operand.shape[axis]}`);
  }
  return tabulate(operand.shape.with(axis, to - from), (index) =>
    entryAt(operand, index.with(axis, (index[axis] ?? 0) + from)),
  );
}

export function interpretTake(operand: NDArray, axis: number, position: number): NDArray {
  return tabulate(operand.shape.toSpliced(axis, 1), (index) => entryAt(operand, index.toSpliced(axis, 0, position)));
}

/** An axis of `table` is looked up, or shared with the indices by its label, or comes behind theirs. */
export function interpretGather(
  { table, axes, indices, out }: GatherNode,
  array: NDArray,
  indexArrays: readonly NDArray[],
  shape: readonly number[],
): NDArray {
  const alignments = indices.map((index) => alignAxes(index.type.axes, out.type.axes) ?? []);
  const kept = table.type.axes.map((_, n) => n).filter((n) => !axes.includes(n));
  const indexed = new Set(alignments.flat());
  let behind = indexed.size;
  const place = new Map<number, number>();
  for (const n of kept) {
    const label = table.type.axes[n]?.label ?? "";
    const shared = label === "" ? -1 : out.type.axes.findIndex((axis, m) => axis.label === label && indexed.has(m));
    place.set(n, shared >= 0 ? shared : behind++);
  }
  return tabulate(shape, (index) => {
    const lookedUp = indexArrays.map((each, n) =>
      entryAt(
        each,
        (alignments[n] ?? []).map((m) => index[m] ?? -1),
      ),
    );
    const inTable = table.type.axes.map((_, n) => {
      const lookup = axes.indexOf(n);
      return lookup >= 0 ? (lookedUp[lookup] ?? -1) : (index[place.get(n) ?? -1] ?? -1);
    });
    return entryAt(array, inTable);
  });
}

export function interpretConcat(arrays: readonly NDArray[], axis: number): NDArray {
  const [first] = arrays;
  if (!first) throw new Error("concat of nothing");
  const lengths = arrays.map(({ shape }) => shape[axis] ?? 0);
  return tabulate(
    first.shape.with(
      axis,
      lengths.reduce((a, b) => a + b, 0),
    ),
    (index) => {
      let position = index[axis] ?? 0;
      for (const array of arrays) {
        const length = array.shape[axis] ?? 0;
        if (position < length) return entryAt(array, index.with(axis, position));
        position -= length;
      }
      return NaN;
    },
  );
}

export function interpretStack(arrays: readonly NDArray[]): NDArray {
  const [first] = arrays;
  if (!first) throw new Error("stack of nothing");
  return tabulate([...first.shape, arrays.length], (index) => {
    const array = arrays[index.at(-1) ?? 0];
    return array ? entryAt(array, index.slice(0, -1)) : NaN;
  });
}
