/** A weight cut out of a file's tensor, and put back. */
import { partShape, product, type Layout } from "./layout.js";

/** The weight's numbers from those of the file's tensor. Where nothing moves, the same array. */
export function carve(tensor: Float32Array, layout: Layout): Float32Array {
  const walk = walkOf(layout);
  if (!layout.cut && isInOrder(layout.order)) return tensor;
  const weight = new Float32Array(product(walk.sizes));
  visit(walk, (inFile, inWeight, stride, count) => {
    for (let n = 0; n < count; n++) weight[inWeight + n] = tensor[inFile + n * stride] ?? 0;
  });
  return weight;
}

/** Writes the weight's numbers to their places among those of the file's tensor. */
export function mend(tensor: Float32Array, weight: Float32Array, layout: Layout): void {
  visit(walkOf(layout), (inFile, inWeight, stride, count) => {
    for (let n = 0; n < count; n++) tensor[inFile + n * stride] = weight[inWeight + n] ?? 0;
  });
}

interface Walk {
  /** In the weight's order of axes. */
  readonly sizes: readonly number[];
  /** How far apart neighbours along each of those axes lie in the file's tensor. */
  readonly strides: readonly number[];
  /** Where the weight begins in the file's tensor. */
  readonly start: number;
}

function walkOf(layout: Layout): Walk {
  const { split, order, cut } = layout;
  const strides = split.map((_, axis) => product(split.slice(axis + 1)));
  const part = partShape(layout);
  return {
    sizes: order.map((axis) => part[axis] ?? 1),
    strides: order.map((axis) => strides[axis] ?? 1),
    start: cut ? cut.from * (strides[cut.axis] ?? 1) : 0,
  };
}

type Run = (inFile: number, inWeight: number, stride: number, count: number) => void;

/** So many numbers of an inner axis at a time, so that a transpose stays within the processor's cache. */
const tile = 64;

/** Calls `run` for runs along the innermost axis; tile by tile over the two innermost. */
function visit({ sizes, strides, start }: Walk, run: Run): void {
  const rank = sizes.length;
  const [rows, columns] = [rank > 1 ? (sizes[rank - 2] ?? 1) : 1, rank > 0 ? (sizes[rank - 1] ?? 1) : 1];
  const [down, across] = [rank > 1 ? (strides[rank - 2] ?? 1) : 0, rank > 0 ? (strides[rank - 1] ?? 1) : 1];
  const outer = sizes.slice(0, Math.max(0, rank - 2));
  const width = across === 1 ? columns : tile;
  for (let matrix = 0; matrix < product(outer); matrix++) {
    let inFile = start;
    for (let axis = outer.length - 1, rest = matrix; axis >= 0; axis--) {
      const size = outer[axis] ?? 1;
      inFile += (rest % size) * (strides[axis] ?? 1);
      rest = Math.floor(rest / size);
    }
    const inWeight = matrix * rows * columns;
    for (let left = 0; left < columns; left += width) {
      const count = Math.min(width, columns - left);
      for (let row = 0; row < rows; row++) {
        run(inFile + row * down + left * across, inWeight + row * columns + left, across, count);
      }
    }
  }
}

function isInOrder(order: readonly number[]): boolean {
  return order.every((axis, place) => axis === place);
}
