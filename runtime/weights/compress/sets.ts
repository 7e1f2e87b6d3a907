import { product } from "../layout.js";

/** Entries of a tensor that lie one behind the other along one axis: `start`, `start + stride`, ... */
export interface Run {
  readonly start: number;
  readonly stride: number;
  readonly count: number;
}

/** A tensor's runs of `length` entries along `axis`, all of the axis if not given, in the order of a tensor of as many. */
export function runsAlong(sizes: readonly number[], axis: number, length = sizes[axis] ?? 1): Run[] {
  const size = sizes[axis] ?? 1;
  const stride = product(sizes.slice(axis + 1));
  const outer = product(sizes.slice(0, axis));
  const parts = Math.ceil(size / length);
  const runs: Run[] = [];
  for (let block = 0; block < outer; block++) {
    for (let part = 0; part < parts; part++) {
      const from = part * length;
      const count = Math.min(length, size - from);
      for (let inner = 0; inner < stride; inner++)
        runs.push({ start: (block * size + from) * stride + inner, stride, count });
    }
  }
  return runs;
}
