import * as tf from "@tensorflow/tfjs-core";

/** (x - mean) / sqrt(variance + epsilon) * gain + bias over the last axis: x [.., d], gain and bias [d]. Ba et al., arXiv:1607.06450. */
export function layerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    return tf.add(tf.mul(tf.mul(centred, scale), gain), bias);
  });
}
