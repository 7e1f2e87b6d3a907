import type * as tf from "@tensorflow/tfjs-core";
import { sliceAxis } from "../pick/slice-axis.js";

/** Rows that grow: of the numbers [...B, capacity, c], the rows `start .. start + count - 1` are in use. */
export interface Rows {
  readonly tensor: tf.Tensor;
  readonly start: number;
  readonly count: number;
}

/** All rows of a tensor [...B, n, c]. */
export function rowsOf(tensor: tf.Tensor): Rows {
  return { tensor, start: 0, count: tensor.shape.at(-2) ?? 0 };
}

/** The rows in use as a tensor of their own, [...B, count, c]: the same one where all are in use. */
export function usedRows({ tensor, start, count }: Rows): tf.Tensor {
  if (count === tensor.shape.at(-2)) return tensor;
  return sliceAxis(tensor, tensor.rank - 2, start, count);
}
