import * as tf from "@tensorflow/tfjs-core";

/** max(x, 0). */
export function relu(x: tf.Tensor): tf.Tensor {
  return tf.relu(x);
}
