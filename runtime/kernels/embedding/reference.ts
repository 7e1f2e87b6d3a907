import * as tf from "@tensorflow/tfjs-core";

/** The rows of weight [size, d] that ids i32[..] name: [.., d]. The ids must lie in `0 .. size - 1`. */
export function embedding(weight: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  return tf.gather(weight, tf.cast(ids, "int32"));
}
