import type * as tf from "@tensorflow/tfjs-core";

/** The size of one axis. @throws Error if the tensor has no such axis. */
export function sizeOf(x: tf.Tensor, axis: number): number {
  const size = x.shape[axis];
  if (size === undefined) throw new Error(`[${x.shape.join(", ")}] has no axis ${axis}`);
  return size;
}

/** Entry `index` of a list of layers. @throws Error if there is none. */
export function at<Items extends readonly unknown[], Index extends number>(items: Items, index: Index): Items[Index] {
  const item: Items[Index] | undefined = items[index];
  if (item === undefined) throw new Error(`there is no layer ${index}, only ${items.length}`);
  return item;
}
