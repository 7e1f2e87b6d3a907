import * as tf from "@tensorflow/tfjs-core";
import { hasShortRuns } from "./has-short-runs.js";

/** Tensors of one shape side by side along a new axis. */
export function stackAxis(tensors: readonly tf.Tensor[], axis: number): tf.Tensor {
  const [first] = tensors;
  if (!first) throw new Error("nothing to stack");
  const size = tf.util.sizeFromShape;
  const [before, after] = [first.shape.slice(0, axis), first.shape.slice(axis)];
  if (!hasShortRuns(size(after))) return tf.stack([...tensors], axis);
  return tf.tidy(() => {
    const rows = tensors.map((tensor) => tf.reshape(tensor, [1, size(before), size(after)]));
    return tf.reshape(tf.transpose(tf.concat(rows, 0), [1, 0, 2]), [...before, tensors.length, ...after]);
  });
}
