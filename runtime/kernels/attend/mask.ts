/** Which keys a query sees, as data, so that a kernel can know without asking that a step's mask is all true. */
import * as tf from "@tensorflow/tfjs-core";

export type Mask =
  | { readonly kind: "causal" }
  | { readonly kind: "window"; readonly width: number }
  | { readonly kind: "both" | "either"; readonly left: Mask; readonly right: Mask }
  | { readonly kind: "inverse"; readonly mask: Mask }
  | { readonly kind: "where"; readonly test: MaskTest };

/**
 * Positions of queries i32[i, 1] and keys i32[1, j], counted from the sequence's beginning, to bool that broadcasts to
 * the scores [...B, ...R, i, j].
 */
export type MaskTest = (q: tf.Tensor, k: tf.Tensor) => tf.Tensor;

/** Keys up to the query's own position. */
export const causal: Mask = { kind: "causal" };
/** Keys less than `width` positions before the query, and all after it. */
export const window = (width: number): Mask => ({ kind: "window", width });
export const both = (left: Mask, right: Mask): Mask => ({ kind: "both", left, right });
export const either = (left: Mask, right: Mask): Mask => ({ kind: "either", left, right });
export const inverse = (mask: Mask): Mask => ({ kind: "inverse", mask });
export const where = (test: MaskTest): Mask => ({ kind: "where", test });

/** `count` positions from `first` on. */
export interface Positions {
  readonly first: number;
  readonly count: number;
}

/**
 * What a mask forbids over a range of queries and keys: nothing, everything, or what a tensor f32 that broadcasts to the
 * scores says, 0 where a key is seen and 1 or more where not. (As arithmetic rather than comparisons, which are slow on
 * WebAssembly.)
 */
export function forbidden(mask: Mask, q: Positions, k: Positions): "nothing" | "everything" | tf.Tensor {
  switch (mask.kind) {
    case "causal":
      if (last(k) <= q.first) return "nothing";
      if (k.first > last(q)) return "everything";
      return tf.tidy(() => tf.relu(tf.sub(row(k, "float32"), column(q, "float32"))));
    case "window":
      if (last(q) - k.first < mask.width) return "nothing";
      if (q.first - last(k) >= mask.width) return "everything";
      return tf.tidy(() => tf.relu(tf.sub(column(q, "float32"), tf.add(row(k, "float32"), mask.width - 1))));
    case "both":
      return combine(forbidden(mask.left, q, k), forbidden(mask.right, q, k), "everything", tf.add);
    case "either":
      return combine(forbidden(mask.left, q, k), forbidden(mask.right, q, k), "nothing", tf.minimum);
    case "inverse": {
      const inner = forbidden(mask.mask, q, k);
      if (inner instanceof tf.Tensor) return seen(inner);
      return inner === "nothing" ? "everything" : "nothing";
    }
    case "where":
      return tf.tidy(() => tf.sub(1, tf.cast(mask.test(column(q, "int32"), row(k, "int32")), "float32")));
  }
}

/** 1 where `forbidden` is 0, and 0 elsewhere. */
export function seen(forbidden: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.relu(tf.sub(1, forbidden)));
}

/** How many keys up to and with its own position a query may see: what a cache must hold. Infinity if no mask bounds it. */
export function windowOf(mask: Mask | undefined): number {
  switch (mask?.kind) {
    case "window":
      return mask.width;
    case "both":
      return Math.min(windowOf(mask.left), windowOf(mask.right));
    case "either":
      return Math.max(windowOf(mask.left), windowOf(mask.right));
    default:
      return Infinity;
  }
}

/** Whether each query sees at least its own position, if that is among the keys. */
export function seesItself(mask: Mask): boolean {
  switch (mask.kind) {
    case "causal":
      return true;
    case "window":
      return mask.width > 0;
    case "both":
      return seesItself(mask.left) && seesItself(mask.right);
    case "either":
      return seesItself(mask.left) || seesItself(mask.right);
    default:
      return false;
  }
}

/** `absorbing` is the operand that settles the answer alone. */
function combine(
  left: "nothing" | "everything" | tf.Tensor,
  right: "nothing" | "everything" | tf.Tensor,
  absorbing: "nothing" | "everything",
  join: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): "nothing" | "everything" | tf.Tensor {
  if (left === absorbing || right === absorbing) return absorbing;
  if (!(left instanceof tf.Tensor)) return right;
  if (!(right instanceof tf.Tensor)) return left;
  return join(left, right);
}

function last({ first, count }: Positions): number {
  return first + count - 1;
}

/** [i, 1] */
export function column({ first, count }: Positions, dtype: "int32" | "float32"): tf.Tensor {
  return tf.reshape(tf.range(first, first + count, 1, dtype), [count, 1]);
}

/** [1, j] */
export function row({ first, count }: Positions, dtype: "int32" | "float32"): tf.Tensor {
  return tf.reshape(tf.range(first, first + count, 1, dtype), [1, count]);
}
