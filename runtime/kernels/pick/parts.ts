/** Cutting and joining. tfjs types these as if a tensor's shape stayed what it was; here it is another one. */
import * as tf from "@tensorflow/tfjs-core";

/** Entries `from .. to - 1` of one axis. */
export function slice(x: tf.Tensor, axis: number, from: number, to: number): tf.Tensor {
  const begin = x.shape.map((_, n) => (n === axis ? from : 0));
  const size = x.shape.map((whole, n) => (n === axis ? to - from : whole));
  return tf.slice(x, begin, size);
}

/** Tensors one after the other along an axis that all have. */
export function concat(tensors: tf.Tensor[], axis: number): tf.Tensor {
  return tf.concat(tensors, axis);
}

/** Tensors of one shape side by side along a new axis. */
export function stack(tensors: tf.Tensor[], axis: number): tf.Tensor {
  return tf.stack(tensors, axis);
}
