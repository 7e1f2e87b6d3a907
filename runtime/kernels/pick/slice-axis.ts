import * as tf from "@tensorflow/tfjs-core";

/**
 * The `count` entries of one axis from `from` on. The axes around it are taken together: on WebAssembly, tfjs slices more
 * than four axes number by number, in JavaScript.
 */
export function sliceAxis(x: tf.Tensor, axis: number, from: number, count: number): tf.Tensor {
  const size = (sizes: readonly number[]): number => sizes.reduce((product, n) => product * n, 1);
  const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  return tf.tidy(() => {
    const folded = tf.reshape<tf.Rank.R3>(x, [size(outer), x.shape[axis] ?? 1, size(inner)]);
    const cut = tf.slice(folded, [0, from, 0], [-1, count, -1]);
    return tf.reshape(cut, [...outer, count, ...inner]);
  });
}
