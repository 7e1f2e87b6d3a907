import * as tf from "@tensorflow/tfjs-core";

/** x σ(x), also called swish. Elfwing et al., arXiv:1702.03118. */
export function silu(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.mul(x, tf.sigmoid(x)));
}
