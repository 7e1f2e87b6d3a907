import * as tf from "@tensorflow/tfjs-core";

/** x Φ(x), with Φ the normal distribution function. Hendrycks and Gimpel, arXiv:1606.08415. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)));
}
