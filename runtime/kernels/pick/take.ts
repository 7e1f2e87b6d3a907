import * as tf from "@tensorflow/tfjs-core";

/** Entry `index` of one axis, which goes away. */
export function take(x: tf.Tensor, axis: number, index: number): tf.Tensor {
  return tf.tidy(() => {
    const begin = x.shape.map((_, n) => (n === axis ? index : 0));
    const size = x.shape.map((_, n) => (n === axis ? 1 : -1));
    return tf.squeeze(tf.slice(x, begin, size), [axis]);
  });
}

/** The logits of the last position: [batch, seq, vocab] to [batch, vocab]. */
export function lastPosition(logits: tf.Tensor): tf.Tensor {
  return take(logits, 1, (logits.shape[1] ?? 1) - 1);
}
