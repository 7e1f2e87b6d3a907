import * as tf from "@tensorflow/tfjs-core";
import { sliceAxis } from "./slice-axis.js";

/** Entry `index` of one axis, which goes away. */
export function take(x: tf.Tensor, axis: number, index: number): tf.Tensor {
  return tf.tidy(() => {
    const shape = x.shape.filter((_, n) => n !== axis);
    return tf.reshape(sliceAxis(x, axis, index, 1), shape);
  });
}

/** The logits of the last position: [batch, seq, vocab] to [batch, vocab]. */
export function lastPosition(logits: tf.Tensor): tf.Tensor {
  return take(logits, 1, (logits.shape[1] ?? 1) - 1);
}

/** The last position alone, [batch, seq, ..] to [batch, 1, ..]: all that a head needs to say what comes next. */
export function onlyLast(x: tf.Tensor): tf.Tensor {
  const seq = x.shape[1] ?? 1;
  return seq === 1 ? x : sliceAxis(x, 1, seq - 1, 1);
}
