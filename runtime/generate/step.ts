import * as tf from "@tensorflow/tfjs-core";
import type { Cache } from "../cache.js";
import { read } from "../faults.js";

/** A model's step: rows of tokens that follow those in the cache to the logits f32[rows, vocab] of what comes after each. */
export type Step = (tokens: readonly (readonly number[])[], cache: Cache) => tf.Tensor;

/** The logits of all rows, one after the other. */
export async function runStep(
  step: Step,
  rows: readonly (readonly number[])[],
  cache: Cache,
  vocab: number,
): Promise<Float32Array> {
  const logits = tf.tidy(() => step(rows, cache));
  try {
    if (logits.size !== rows.length * vocab)
      throw new Error(`the step gives logits [${logits.shape.join(", ")}], [${rows.length}, ${vocab}] is due`);
    return Float32Array.from(await read(logits));
  } finally {
    logits.dispose();
  }
}
