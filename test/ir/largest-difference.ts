import type { NDArray } from "../../compiler/ir/interpret.js";

/** The largest difference of two arrays of one shape, over the largest magnitude of the second. */
export function largestDifference(found: NDArray, due: NDArray): number {
  if (found.shape.join() !== due.shape.join()) throw new Error(`[${found.shape.join()}], [${due.shape.join()}] is due`);
  let [difference, magnitude] = [0, 0];
  due.data.forEach((entry, n) => {
    const other = found.data[n] ?? NaN;
    difference = Math.max(difference, Number.isNaN(other - entry) ? Infinity : Math.abs(other - entry));
    magnitude = Math.max(magnitude, Math.abs(entry));
  });
  return difference === 0 ? 0 : difference / magnitude;
}
