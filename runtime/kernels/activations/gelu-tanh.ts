import * as tf from "@tensorflow/tfjs-core";

/**
 * The approximation x (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³), of `gelu`. Hendrycks and Gimpel, arXiv:1606.08415.
 * Computed as x σ(2u), which is the same: WebAssembly has a fast σ and a slow tanh.
 */
export function geluTanh(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const scale = 2 * Math.sqrt(2 / Math.PI);
    const doubled = tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715 * scale), scale));
    return tf.mul(x, tf.sigmoid(doubled));
  });
}
