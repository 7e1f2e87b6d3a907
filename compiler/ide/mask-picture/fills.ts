/** What a mask is tried with for data that only a call has: entries that come out the same for all of these do not depend on it. */
import type { DType } from "../../ir/graph.js";

/** The entry of a tensor, by its place in row-major order. */
export type Fill = (dtype: DType, n: number) => number;

/**
 * Any two of the first sixteen cells differ in one of these, as the bits of their numbers do, and are alike in another. Whole numbers
 * are 0 and 1: what they look up has at least so many entries, if it has any choice. `stride`: how many positions a cell stands for.
 */
export const fillsFor = (stride: number): readonly Fill[] => [
  () => 0,
  () => 1,
  ...[0, 1, 2, 3].map(
    (bit): Fill =>
      (_, n) =>
        (Math.floor(n / stride) >> bit) & 1,
  ),
  (dtype, n) => (dtype === "f32" ? Math.sin(n) : n % 3 === 0 ? 1 : 0),
];
