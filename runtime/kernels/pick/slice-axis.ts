import * as tf from "@tensorflow/tfjs-core";
import { hasShortRuns } from "./has-short-runs.js";

/**
 * The `count` entries of one axis from `from` on. The axes before it and after it are taken together, since on WebAssembly
 * tfjs slices more than four axes number by number, in JavaScript.
 */
export function sliceAxis(x: tf.Tensor, axis: number, from: number, count: number): tf.Tensor {
  const size = tf.util.sizeFromShape;
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const [outer, inner] = [size(before), size(after)];
  const shape = [...before, count, ...after];
  return tf.tidy(() => {
    const folded = tf.reshape<tf.Rank.R3>(x, [outer, x.shape[axis] ?? 1, inner]);
    if (!hasShortRuns(count * inner)) return tf.reshape(tf.slice(folded, [0, from, 0], [-1, count, -1]), shape);
    const cut = tf.slice(tf.transpose(folded, [1, 0, 2]), [from, 0, 0], [count, -1, -1]);
    return tf.reshape(tf.transpose(cut, [1, 0, 2]), shape);
  });
}
