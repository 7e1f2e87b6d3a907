import * as tf from "@tensorflow/tfjs-core";

/**
 * A table looked up along several axes at once: entry n of the result's leading axes is `table` at `indices[0][n]` along
 * `axes[0]`, at `indices[1][n]` along `axes[1]`, ... The indices, i32, broadcast to the leading axes; the table's other
 * axes follow. Each index must lie within its axis.
 */
export function lookUp(table: tf.Tensor, axes: readonly number[], indices: readonly tf.Tensor[]): tf.Tensor {
  return tf.tidy(() => {
    const rest = table.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const order = [...axes, ...rest];
    const sizes = axes.map((axis) => table.shape[axis] ?? 1);
    const moved = order.every((axis, n) => axis === n) ? table : tf.transpose(table, order);
    const rows = tf.reshape(moved, [tf.util.sizeFromShape(sizes), ...rest.map((axis) => table.shape[axis] ?? 1)]);
    const flat = indices
      .map((index) => tf.cast(index, "int32"))
      .reduce((sum: tf.Tensor, index, n) => tf.add(tf.mul(sum, tf.scalar(sizes[n] ?? 1, "int32")), index));
    return tf.gather(rows, tf.cast(flat, "int32"));
  });
}
