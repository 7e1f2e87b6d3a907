import * as tf from "@tensorflow/tfjs-core";
import type { Cache } from "../../cache.js";
import { batchedMatMul } from "../matmul/reference.js";
import { column, forbidden, row, seen, seesItself, windowOf, type Mask, type Positions } from "./mask.js";

export interface AttendOptions {
  /** The factor of the products of queries and keys; 1 if not given. */
  readonly scale?: number;
  readonly mask?: Mask;
  /** The scaled products [...B, ...R, i, j] and the positions i32[i, 1] and i32[1, j] to what the softmax is taken of. */
  readonly score?: (s: tf.Tensor, q: tf.Tensor, k: tf.Tensor) => tf.Tensor;
  /** Self-attention's memory of earlier steps: the keys and values given are those of the new positions. */
  readonly cache?: Cache | undefined;
  /** The position of the first query, for attention to another sequence while decoding; the cache's length if not given. */
  readonly start?: number;
  /** The probability that a weight is dropped, in training. */
  readonly dropout?: number;
}

/** Far below any score and still finite, so that a row of nothing else has a softmax. */
const farBelow = -1e30;

/**
 * softmax(score(scale q kᵀ), over the keys that the mask allows) v.
 *
 * q [...B, ...R, i, c], k [...B, j, c], v [...B, j, e]: [...B, ...R, i, e]. The axes R are those that q has more than k:
 * queries that share their keys. A query that sees no key gives zeros. Vaswani et al., arXiv:1706.03762; shared keys:
 * Ainslie et al., arXiv:2305.13245.
 */
export function attend(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, options: AttendOptions = {}): tf.Tensor {
  return tf.tidy(() => {
    const { cache, mask, score, scale = 1, dropout = 0 } = options;
    const held = cache ? cache.extend(k, v, { window: windowOf(mask) }) : { k, v, first: 0 };
    const [i = 1, c = 1] = q.shape.slice(-2);
    const j = held.k.shape.at(-2) ?? 1;
    const batch = held.k.shape.slice(0, -2);
    const queries: Positions = { first: options.start ?? cache?.length ?? 0, count: i };
    const keys: Positions = { first: held.first, count: j };

    const shared = q.size / (held.k.size / j);
    const folded = tf.reshape(scale === 1 ? q : tf.mul(q, scale), [...batch, shared, c]);
    const products = batchedMatMul(folded, held.k, true);
    const raw = tf.reshape(products, [...q.shape.slice(0, -1), j]);
    const scored = score ? score(raw, column(queries, "int32"), row(keys, "int32")) : raw;
    const weights = softmaxWhere(scored, mask, queries, keys);
    const kept = dropout > 0 ? tf.dropout(weights, dropout) : weights;
    const values = batchedMatMul(tf.reshape(kept, [...batch, shared, j]), held.v);
    return tf.reshape(values, [...q.shape.slice(0, -1), held.v.shape.at(-1) ?? 1]);
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
