import * as tf from "@tensorflow/tfjs-core";

/** Computed as x σ(2u), which is the same as x (1 + tanh u) / 2: WebAssembly has a fast σ and a slow tanh. */
export function referenceGeluTanh(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const scale = 2 * Math.sqrt(2 / Math.PI);
    const doubled = tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715 * scale), scale));
    return tf.mul(x, tf.sigmoid(doubled));
  });
}

export function referenceSilu(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.mul(x, tf.sigmoid(x)));
}
