import * as tf from "@tensorflow/tfjs-core";

/** One entry of the last axis for each index: table [.., n], indices i32[..] in `0 .. n - 1`, gives [..]. */
export function pick(table: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const size = table.shape.at(-1) ?? 1;
    const rows = indices.size;
    const flat = tf.add(tf.mul(tf.range(0, rows, 1, "int32"), tf.scalar(size, "int32")), tf.reshape(indices, [rows]));
    return tf.reshape(tf.gather(tf.reshape(table, [rows * size]), tf.cast(flat, "int32")), indices.shape);
  });
}
