import * as tf from "@tensorflow/tfjs-core";

/** x / sqrt(mean(x²) + epsilon) * gain over the last axis: x [.., d], gain [d]. Zhang and Sennrich, arXiv:1910.07467. */
export function rmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.tidy(() => tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon))), gain));
}
