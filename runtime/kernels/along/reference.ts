/** Along one axis, each line of entries by itself. */
import * as tf from "@tensorflow/tfjs-core";
import type { BatchAxes, Cache } from "../../cache.js";
import { sizeOf } from "../../sizes.js";
import { sliceAxis } from "../pick/slice-axis.js";

/** The sum of the entries so far, each itself included; with a cache, those of earlier steps too. */
export function cumsum(x: tf.Tensor, axis: number, cache?: Cache, batch?: BatchAxes): tf.Tensor {
  const [outer, n, inner] = aroundAxis(x, axis);
  return tf.tidy(() => {
    const sums = tf.reshape(tf.cumsum(tf.reshape(x, [outer, n, inner]), 1), x.shape);
    const [before] = cache?.carried() ?? [];
    const sofar = before ? tf.add(sums, before) : sums;
    cache?.carry([sliceAxis(sofar, axis, n - 1, 1)], batch);
    return sofar;
  });
}

/** The place of the largest entry, without the axis; of equal ones, the first. */
export function argmax(x: tf.Tensor, axis: number): tf.Tensor {
  const shape = x.shape.filter((_, n) => n !== axis);
  return tf.tidy(() => tf.reshape(tf.argMax(tf.reshape(x, aroundAxis(x, axis)), 1), shape));
}

/** The places of the entries in rising order; equal ones stay in the order in which they are. */
export function argsort(x: tf.Tensor, axis: number): tf.Tensor {
  return tf.tidy(() => {
    const [outer, n, inner] = aroundAxis(x, axis);
    if (inner === 1) return tf.reshape(risingOrder(tf.reshape(x, [outer, n])), x.shape);
    const last = tf.transpose(tf.reshape(x, [outer, n, inner]), [0, 2, 1]);
    return tf.reshape(tf.transpose(risingOrder(last), [0, 2, 1]), x.shape);
  });
}

/** How many entries the axes before it have, it itself, and those behind it: backends serve few axes. */
function aroundAxis({ shape }: tf.Tensor, axis: number): [number, number, number] {
  const { sizeFromShape } = tf.util;
  return [sizeFromShape(shape.slice(0, axis)), shape[axis] ?? 1, sizeFromShape(shape.slice(axis + 1))];
}

/** tfjs puts the largest first, and of equal ones the one that comes first. */
function risingOrder(x: tf.Tensor): tf.Tensor {
  return tf.topk(reversed(x), sizeOf(x, x.rank - 1)).indices;
}

/** The same entries with their order turned round. tfjs negates integers as floats, and its shader for `topk` takes floats only. */
function reversed(x: tf.Tensor): tf.Tensor {
  if (x.dtype === "float32") return tf.neg(x);
  return tf.getBackend() === "webgpu" ? tf.neg(tf.cast(x, "float32")) : tf.sub(tf.scalar(-1, "int32"), x);
}
