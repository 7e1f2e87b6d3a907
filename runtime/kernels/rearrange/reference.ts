import * as tf from "@tensorflow/tfjs-core";
import { planRearrange, type Plan } from "./plan.js";

/** The last plan of each pattern: a step of decoding asks for the same one in every layer, and in the step after. */
const plans = new Map<string, { readonly shape: readonly number[]; readonly sizes: Sizes; readonly plan: Plan }>();

type Sizes = Readonly<Record<string, number>>;

/**
 * Splits, moves and merges axes by name: `rearrange(x, "b n (heads c) -> b heads n c", { heads: 12 })`. In a group all
 * sizes but one must be given.
 *
 * @throws Error if the tensor's shape does not fit the pattern.
 */
export function rearrange(x: tf.Tensor, pattern: string, sizes: Sizes = {}): tf.Tensor {
  const { split, order, shape } = planOf(pattern, x.shape, sizes);
  if (!order) return tf.reshape(x, [...shape]);
  return tf.tidy(() => tf.reshape(tf.transpose(tf.reshape(x, [...split]), [...order]), [...shape]));
}

function planOf(pattern: string, shape: readonly number[], sizes: Sizes): Plan {
  const last = plans.get(pattern);
  if (last && isSameShape(last.shape, shape) && areSameSizes(last.sizes, sizes)) return last.plan;
  const plan = planRearrange(pattern, shape, sizes);
  plans.set(pattern, { shape: [...shape], sizes: { ...sizes }, plan });
  return plan;
}

function isSameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}

function areSameSizes(left: Sizes, right: Sizes): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}
