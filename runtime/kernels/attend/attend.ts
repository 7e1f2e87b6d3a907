import * as tf from "@tensorflow/tfjs-core";
import { rowsOf } from "../append/rows.js";
import { wasmKernelsApply } from "../wasm/kernels.js";
import { forbidden, windowOf, type Positions } from "./mask.js";
import type { AttendOptions } from "./options.js";
import { referenceAttend } from "./reference.js";
import { wasmAttend } from "./wasm.js";

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
    const held = cache?.append(k, v, { window: windowOf(mask) }) ?? { k: rowsOf(k), v: rowsOf(v), first: 0 };
    const queries: Positions = { first: options.start ?? cache?.length ?? 0, count: q.shape.at(-2) ?? 1 };
    const keys: Positions = { first: held.first, count: held.k.count };
    // One position that sees every key: a step of decoding.
    const plain = queries.count === 1 && !score && dropout === 0;
    const step = plain && wasmKernelsApply() && (!mask || forbidden(mask, queries, keys) === "nothing");
    return step ? wasmAttend(q, held, scale) : referenceAttend(q, held, queries, options);
  });
}
