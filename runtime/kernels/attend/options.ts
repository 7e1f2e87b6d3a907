import type * as tf from "@tensorflow/tfjs-core";
import type { Cache } from "../../cache.js";
import type { Mask } from "./mask.js";

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
