import * as tf from "@tensorflow/tfjs-core";
import { planRearrange } from "./plan.js";

/**
 * Splits, moves and merges axes by name: `rearrange(x, "b n (heads c) -> b heads n c", { heads: 12 })`. In a group all
 * sizes but one must be given.
 *
 * @throws Error if the tensor's shape does not fit the pattern.
 */
export function rearrange(x: tf.Tensor, pattern: string, sizes: Readonly<Record<string, number>> = {}): tf.Tensor {
  const { split, order, shape } = planRearrange(pattern, x.shape, sizes);
  if (!order) return tf.reshape(x, [...shape]);
  return tf.tidy(() => tf.reshape(tf.transpose(tf.reshape(x, [...split]), [...order]), [...shape]));
}
