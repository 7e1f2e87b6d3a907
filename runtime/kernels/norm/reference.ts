import * as tf from "@tensorflow/tfjs-core";

/** (x - mean) / sqrt(variance + epsilon) * gain + bias over the last axis: x [.., d], gain and bias [d]. */
export function referenceLayerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    return tf.add(tf.mul(tf.mul(centred, scale), gain), bias);
  });
}

/** x / sqrt(mean(x²) + epsilon) * gain over the last axis: x [.., d], gain [d]. */
export function referenceRmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.tidy(() => tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon))), gain));
}
