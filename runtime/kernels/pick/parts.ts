/** Cutting and joining. tfjs types these as if a tensor's shape stayed what it was; here it is another one. */
import * as tf from "@tensorflow/tfjs-core";
import { sliceAxis } from "./slice-axis.js";
import { stackAxis } from "./stack-axis.js";

/** Entries `from .. to - 1` of one axis. */
export function slice(x: tf.Tensor, axis: number, from: number, to: number): tf.Tensor {
  return sliceAxis(x, axis, from, to - from);
}

/** Tensors one after the other along an axis that all have. */
export function concat(tensors: tf.Tensor[], axis: number): tf.Tensor {
  return tf.concat(tensors, axis);
}

/** Tensors of one shape side by side along a new axis. */
export function stack(tensors: tf.Tensor[], axis: number): tf.Tensor {
  return stackAxis(tensors, axis);
}
