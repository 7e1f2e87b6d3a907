/** Weights of small magnitude set to 0. Of equal ones the earlier stay. */
import { runsAlong, type Run } from "./sets.js";

export type Pruning =
  /** This share of all entries, the smallest (Han et al. 2015). */
  | { readonly share: number }
  /** Of each `of` entries in a row along the weight's axis only the `keep` largest stay: 2 of 4 (Mishra et al. 2021). */
  | { readonly keep: number; readonly of: number; readonly axis: number };

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
