import * as tf from "@tensorflow/tfjs-core";

/** x σ(1.702 x), the coarse approximation of `gelu` that CLIP uses. Hendrycks and Gimpel, arXiv:1606.08415. */
export function quickGelu(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))));
}
