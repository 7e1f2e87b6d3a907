import * as tf from "@tensorflow/tfjs-core";

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
  const axis = tensor.rank - 2;
  const begin = tensor.shape.map((_, n) => (n === axis ? start : 0));
  return tf.slice(
    tensor,
    begin,
    tensor.shape.map((size, n) => (n === axis ? count : size)),
  );
}
