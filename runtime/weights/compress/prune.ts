/** Weights of small magnitude set to 0. Of equal ones the earlier stay. */
import type { Pruning } from "./compression.js";
import { runsAlong, type Run } from "./sets.js";

/** What is left of `values`, the entries of a tensor of `sizes`; `axis` counts its axes. */
export function prune(values: Float32Array, sizes: readonly number[], pruning: Pruning): Float32Array {
  const left = new Float32Array(values.length);
  if ("share" in pruning) {
    const all: Run = { start: 0, stride: 1, count: values.length };
    copyLargest(values, left, all, values.length - Math.floor(pruning.share * values.length));
  } else {
    for (const run of runsAlong(sizes, pruning.axis, pruning.of)) copyLargest(values, left, run, pruning.keep);
  }
  return left;
}

function copyLargest(values: Float32Array, into: Float32Array, { start, stride, count }: Run, keep: number): void {
  const places = Uint32Array.from({ length: count }, (_, n) => start + n * stride);
  const magnitude = (at: number): number => Math.abs(values[at] ?? 0);
  places.sort((a, b) => magnitude(b) - magnitude(a) || a - b);
  for (const at of places.subarray(0, keep)) into[at] = values[at] ?? 0;
}
