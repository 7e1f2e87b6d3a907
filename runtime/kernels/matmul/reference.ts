/** Products of matrices, in the form that each backend is fast in. */
import * as tf from "@tensorflow/tfjs-core";
import { wasmBatchedMatMul } from "./wasm.js";

/**
 * Below so many multiplications a matrix, tfjs's plain loop is as fast on WebAssembly as its fast path, which packs the
 * right-hand side anew at each call.
 */
const worthPacking = 2 ** 17;

/** a [...B, n, m] times b [...B, m, p], or b [...B, p, m] if `transposeB`: [...B, n, p]. */
export function batchedMatMul(a: tf.Tensor, b: tf.Tensor, transposeB = false): tf.Tensor {
  const [n = 1, m = 1] = a.shape.slice(-2);
  const p = b.shape.at(transposeB ? -2 : -1) ?? 1;
  if (tf.getBackend() !== "wasm" || n < 4 || n * m * p < worthPacking) return tf.matMul(a, b, false, transposeB);
  return tf.tidy(() => {
    const left = tf.reshape(a, [-1, n, m]);
    const right = transposeB
      ? tf.transpose(tf.reshape<tf.Rank.R3>(b, [-1, p, m]), [0, 2, 1])
      : tf.reshape<tf.Rank.R3>(b, [-1, m, p]);
    return tf.reshape(wasmBatchedMatMul(left, right), [...a.shape.slice(0, -2), n, p]);
  });
}
