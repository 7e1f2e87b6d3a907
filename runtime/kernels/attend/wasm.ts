import * as tf from "@tensorflow/tfjs-core";
import type { Held } from "../../cache.js";
import { addressOf } from "../wasm/backend.js";
import { defineWasmKernel } from "../wasm/define.js";

const attention = defineWasmKernel("TfmcAttend", ["q", "k", "v"], ({ kernels, backend, inputs, numbers }) => {
  const { q, k, v } = inputs;
  const { kFirst = 0, vFirst = 0, keys = 0, scale = 1 } = numbers;
  const [c = 1, e = 1] = [q.shape.at(-1), v.shape.at(-1)];
  const groups = tf.util.sizeFromShape(k.shape.slice(0, -2));
  const queries = tf.util.sizeFromShape(q.shape) / c / groups;
  const y = backend.makeOutput([...q.shape.slice(0, -1), e], "float32");
  const scores = backend.makeOutput([queries, keys], "float32");
  const at = (tensor: tf.TensorInfo, row: number, width: number): number =>
    addressOf(backend, tensor) + 4 * row * width;
  const [kAt, vAt] = [at(k, kFirst, c), at(v, vFirst, e)];
  const [kStride, vStride] = [
    (4 * tf.util.sizeFromShape(k.shape)) / groups,
    (4 * tf.util.sizeFromShape(v.shape)) / groups,
  ];
  const [qAt, yAt, scoresAt] = [at(q, 0, c), at(y, 0, e), at(scores, 0, keys)];
  kernels.attend(qAt, kAt, vAt, yAt, scoresAt, groups, queries, keys, c, e, kStride, vStride, scale);
  backend.disposeData(scores.dataId);
  return y;
});

/** Attention of few queries that see every key: q [...B, ...R, i, c], keys and values as a cache holds them. */
export function wasmAttend(q: tf.Tensor, { k, v }: Held, scale: number): tf.Tensor {
  return attention({ q, k: k.tensor, v: v.tensor }, { kFirst: k.start, vFirst: v.start, keys: k.count, scale });
}
