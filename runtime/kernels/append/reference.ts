import * as tf from "@tensorflow/tfjs-core";
import { rowsOf, usedRows, type Rows } from "./rows.js";

/** The rows without the first `dropped`, and after them those of `fresh` [...B, n, c]. The caller owns the new tensor. */
export function referenceAppend(rows: Rows, fresh: tf.Tensor, dropped: number): Rows {
  const kept: Rows = { ...rows, start: rows.start + dropped, count: rows.count - dropped };
  const joined = tf.tidy(() => tf.concat([usedRows(kept), fresh], fresh.rank - 2));
  return rowsOf(tf.keep(joined));
}
