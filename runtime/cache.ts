/**
 * What decoding keeps between steps: the keys and values of every `attend`, in the order in which the model calls it.
 * The order is the same at each step, so a slot needs no name.
 */
import * as tf from "@tensorflow/tfjs-core";

/** Keys [...B, j, c] and values [...B, j, e] of positions `first .. first + j - 1`. The cache owns both. */
export interface Kept {
  readonly k: tf.Tensor;
  readonly v: tf.Tensor;
  readonly first: number;
}

export interface Cache {
  /** How many positions have been seen: the position of the next token. */
  readonly length: number;
  /** Appends a step's keys and values to the next slot; gives all that it holds, those of earlier steps first. */
  extend(k: tf.Tensor, v: tf.Tensor, options?: { readonly window?: number }): Kept;
  /** What `make` gave at the first step, for values that no step changes, such as an encoder's keys. */
  remember(make: () => tf.Tensor): tf.Tensor;
  /** Ends a step of `count` positions; the next one begins with the first slot. */
  advance(count: number): void;
  /** Replaces batch row `n` by row `rows[n]`, for beam search. */
  reorder(rows: readonly number[]): void;
  /** Frees everything. The cache can then be used anew. */
  dispose(): void;
}

export function createCache(): Cache {
  let length = 0;
  let slot = 0;
  let memory = 0;
  const slots: Kept[] = [];
  const memories: tf.Tensor[] = [];

  return {
    get length() {
      return length;
    },

    extend(k, v, { window = Infinity } = {}) {
      const before = slots[slot];
      const after = before ? append(before, k, v, window) : { k: own(k), v: own(v), first: length };
      if (before) tf.dispose([before.k, before.v]);
      slots[slot++] = after;
      return after;
    },

    remember(make) {
      const found = memories[memory] ?? own(tf.tidy(make));
      memories[memory++] = found;
      return found;
    },

    advance(count) {
      length += count;
      slot = 0;
      memory = 0;
    },

    reorder(rows) {
      const pick = (tensor: tf.Tensor): tf.Tensor =>
        replace(tensor, () => tf.tidy(() => tf.gather(tensor, tf.tensor1d([...rows], "int32"))));
      slots.forEach(({ k, v, first }, index) => (slots[index] = { k: pick(k), v: pick(v), first }));
      memories.forEach((tensor, index) => (memories[index] = pick(tensor)));
    },

    dispose() {
      tf.dispose([...slots.flatMap(({ k, v }) => [k, v]), ...memories]);
      slots.length = memories.length = 0;
      length = slot = memory = 0;
    },
  };
}

/** A query sees `window` keys, itself included: of the earlier ones no more than `window - 1` can still be seen. */
function append(before: Kept, k: tf.Tensor, v: tf.Tensor, window: number): Kept {
  const held = before.k.shape.at(-2) ?? 0;
  const dropped = Math.max(0, held - (window - 1));
  const join = (old: tf.Tensor, fresh: tf.Tensor): tf.Tensor =>
    tf.keep(tf.tidy(() => tf.concat([dropped > 0 ? dropRows(old, dropped) : old, fresh], old.rank - 2)));
  return { k: join(before.k, k), v: join(before.v, v), first: before.first + dropped };
}

function dropRows(tensor: tf.Tensor, count: number): tf.Tensor {
  const begin = tensor.shape.map((_, axis) => (axis === tensor.rank - 2 ? count : 0));
  return tf.slice(tensor, begin);
}

function replace(tensor: tf.Tensor, make: () => tf.Tensor): tf.Tensor {
  const made = tf.keep(make());
  tensor.dispose();
  return made;
}

/** A copy (of the handle, not the numbers) that outlives the tidy around the step. */
function own(tensor: tf.Tensor): tf.Tensor {
  return tf.keep(tf.clone(tensor));
}
