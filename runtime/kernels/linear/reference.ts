import * as tf from "@tensorflow/tfjs-core";

/** x [.., d] times weight [d, out], plus bias [out]: [.., out]. */
export function referenceLinear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const { rows, restore } = asRows(x, weight.shape[1] ?? 1);
    const matrix = asMatrix(weight);
    return restore(tf.fused.matMul({ a: rows, b: matrix, ...(bias && { bias }) }));
  });
}

/**
 * x [.., d] times the transpose of weight [out, d], plus bias [out]: [.., out]. No transposed copy of the weight is made.
 */
export function referenceLinearTransposed(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const { rows, restore } = asRows(x, weight.shape[0] ?? 1);
    const matrix = asMatrix(weight);
    // WebAssembly is fast only without transposes: (W xᵀ)ᵀ transposes what is small.
    const product =
      tf.getBackend() === "wasm"
        ? tf.transpose(tf.matMul(matrix, tf.transpose(rows)))
        : tf.matMul(rows, matrix, false, true);
    return restore(bias ? tf.add(product, bias) : product);
  });
}

function asRows(x: tf.Tensor, out: number): { rows: tf.Tensor2D; restore: (y: tf.Tensor) => tf.Tensor } {
  const d = x.shape.at(-1) ?? 1;
  const rows = tf.reshape<tf.Rank.R2>(x, [x.size / d, d]);
  return { rows, restore: (y) => tf.reshape(y, [...x.shape.slice(0, -1), out]) };
}

function asMatrix(weight: tf.Tensor): tf.Tensor2D {
  return tf.reshape<tf.Rank.R2>(weight, [weight.shape[0] ?? 1, weight.shape[1] ?? 1]);
}
