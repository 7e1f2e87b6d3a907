/** How the steps of decoding leave out what the first has done, and go on where the last one ended. */
import * as tf from "@tensorflow/tfjs-core";
import type { BatchAxes, Cache } from "./cache.js";

type Tensors = readonly [tf.Tensor, ...tf.Tensor[]];

/**
 * What `make` gives, run in the first step of decoding alone; without a cache every call is the first. The tensors are the
 * caller's. `batch` is needed where a value's batch is not its first axis.
 */
export function once<T extends Tensors>(cache: Cache | undefined, make: () => T, batch?: BatchAxes): T;
export function once(
  cache: Cache | undefined,
  make: () => readonly tf.Tensor[],
  batch?: BatchAxes,
): readonly tf.Tensor[] {
  if (!cache) return make();
  return cache.remember(() => tf.tidy(() => [...make()]), batch).map((value) => value.clone());
}

/** What a recurrence starts from: where the last step ended, or the values given, of which it takes the place. */
export function resume<T extends Tensors>(cache: Cache | undefined, initial: T): T;
export function resume(cache: Cache | undefined, initial: Tensors): readonly tf.Tensor[] {
  const carried = cache?.carried();
  if (!carried) return initial;
  tf.dispose([...initial]);
  return carried.map((value) => value.clone());
}

/** Keeps what a recurrence ends with for the next step. */
export function carry(cache: Cache | undefined, values: Tensors, batch?: BatchAxes): void {
  cache?.carry(values, batch);
}
