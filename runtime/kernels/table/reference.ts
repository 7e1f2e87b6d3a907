import * as tf from "@tensorflow/tfjs-core";
import type { Cache } from "../../cache.js";

/**
 * A tensor whose entries follow from their indices: `table([seq, 32], (n, h) => Math.cos(n / 10000 ** (h / 32)))`. It is
 * computed on the host in double precision, since shaders may err by 2^-11 in a sine. With a cache, `entry` is given as its
 * last argument the position at which this step starts.
 */
export function table(sizes: readonly number[], entry: (...indices: number[]) => number, cache?: Cache): tf.Tensor {
  const count = sizes.reduce((product, size) => product * size, 1);
  const values = new Float32Array(count);
  const at = sizes.map(() => 0);
  const start = cache?.length ?? 0;
  for (let n = 0; n < count; n++) {
    values[n] = entry(...at, start);
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const next = (at[axis] ?? 0) + 1;
      if (next < (sizes[axis] ?? 0)) {
        at[axis] = next;
        break;
      }
      at[axis] = 0;
    }
  }
  return tf.tensor(values, [...sizes], "float32");
}
