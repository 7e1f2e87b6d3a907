import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../sizes.js";
import { sliceAxis } from "./slice-axis.js";

/** Each entry moved on by `by` places along an axis; what leaves at one end comes in at the other. */
export function roll(x: tf.Tensor, axis: number, by: number): tf.Tensor {
  const size = sizeOf(x, axis);
  const moved = size === 0 ? 0 : ((by % size) + size) % size;
  if (moved === 0) return tf.clone(x);
  return tf.tidy(() => tf.concat([sliceAxis(x, axis, size - moved, moved), sliceAxis(x, axis, 0, size - moved)], axis));
}
