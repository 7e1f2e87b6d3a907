import * as tf from "@tensorflow/tfjs-core";
import type { Held } from "../../cache.js";
import { usedRows } from "../append/rows.js";
import { batchedMatMul } from "../matmul/reference.js";
import { column, forbidden, row, seen, seesItself, type Mask, type Positions } from "./mask.js";
import type { AttendOptions } from "./options.js";

/** Far below any score and still finite, so that a row of nothing else has a softmax. */
const farBelow = -1e30;

/** Attention by its definition, with keys and values as a cache holds them. */
export function referenceAttend(q: tf.Tensor, held: Held, queries: Positions, options: AttendOptions): tf.Tensor {
  return tf.tidy(() => {
    const { mask, score, scale = 1, dropout = 0 } = options;
    const [k, v] = [usedRows(held.k), usedRows(held.v)];
    const [c = 1, j = 1] = [q.shape.at(-1), k.shape.at(-2)];
    const batch = k.shape.slice(0, -2);
    const keys: Positions = { first: held.first, count: j };

    const shared = q.size / (k.size / j);
    const folded = tf.reshape(scale === 1 ? q : tf.mul(q, scale), [...batch, shared, c]);
    const products = batchedMatMul(folded, k, true);
    const raw = tf.reshape(products, [...q.shape.slice(0, -1), j]);
    const scored = score ? score(raw, column(queries, "int32"), row(keys, "int32")) : raw;
    const weights = softmaxWhere(scored, mask, queries, keys);
    const kept = dropout > 0 ? tf.dropout(weights, dropout) : weights;
    const values = batchedMatMul(tf.reshape(kept, [...batch, shared, j]), v);
    return tf.reshape(values, [...q.shape.slice(0, -1), v.shape.at(-1) ?? 1]);
  });
}

function softmaxWhere(scores: tf.Tensor, mask: Mask | undefined, queries: Positions, keys: Positions): tf.Tensor {
  const hidden = mask ? forbidden(mask, queries, keys) : "nothing";
  if (hidden === "nothing" || !mask) return tf.softmax(scores);
  if (hidden === "everything") return tf.zerosLike(scores);
  const weights = tf.softmax(tf.add(scores, tf.mul(hidden, farBelow)));
  const own = keys.first <= queries.first && keys.first + keys.count >= queries.first + queries.count;
  return own && seesItself(mask) ? weights : tf.mul(weights, seen(hidden));
}
