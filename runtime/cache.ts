/**
 * What decoding keeps between steps: the keys and values of every `attend`, what every recurrence carried, and what no step
 * changes, in the order in which the model asks for them. The order is the same at each step, so a slot needs no name.
 */
import * as tf from "@tensorflow/tfjs-core";
import { append } from "./kernels/append/append.js";
import { rowsOf, usedRows, type Rows } from "./kernels/append/rows.js";

/** Keys [...B, j, c] and values [...B, j, e] of positions `first .. first + j - 1`, as rows that the cache owns. */
export interface Held {
  readonly k: Rows;
  readonly v: Rows;
  readonly first: number;
}

/** The same as tensors, which hold until the next step. */
export interface Kept {
  readonly k: tf.Tensor;
  readonly v: tf.Tensor;
  readonly first: number;
}

/** The axis of each value that holds the batch; null where there is none. The first, if not given. */
export type BatchAxes = readonly (number | null)[];

interface Slot {
  readonly values: readonly tf.Tensor[];
  readonly batch: BatchAxes | undefined;
}

export interface Cache {
  /** How many positions have been seen: the position of the next token. */
  readonly length: number;
  /** Appends a step's keys and values to the next slot; gives all that it holds, those of earlier steps first. */
  append(k: tf.Tensor, v: tf.Tensor, options?: { readonly window?: number }): Held;
  /** The same, and gives it as tensors. */
  extend(k: tf.Tensor, v: tf.Tensor, options?: { readonly window?: number }): Kept;
  /** What `make` gave at the first step, for values that no step changes, such as an encoder's keys. The cache owns them. */
  remember(make: () => readonly tf.Tensor[], batch?: BatchAxes): readonly tf.Tensor[];
  /** What was carried to the end of the last step; undefined in the first. The cache owns it. */
  carried(): readonly tf.Tensor[] | undefined;
  /** What the next step will find carried here. The tensors stay the caller's. */
  carry(values: readonly tf.Tensor[], batch?: BatchAxes): void;
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
  let round = 0;
  const slots: Held[] = [];
  const memories: Slot[] = [];
  const rounds: Slot[] = [];

  const hold: Cache["append"] = (k, v, { window = Infinity } = {}) => {
    const before = slots[slot];
    const after = before ? grow(before, k, v, window) : { k: rowsOf(own(k)), v: rowsOf(own(v)), first: length };
    slots[slot++] = after;
    return after;
  };

  return {
    get length() {
      return length;
    },

    append: hold,

    extend(k, v, options) {
      const held = hold(k, v, options);
      return { k: usedRows(held.k), v: usedRows(held.v), first: held.first };
    },

    remember(make, batch) {
      const found = memories[memory] ?? slotOf(make(), batch);
      memories[memory++] = found;
      return found.values;
    },

    carried: () => rounds[round]?.values,

    carry(values, batch) {
      const before = rounds[round];
      rounds[round++] = slotOf(values, batch);
      if (before) tf.dispose([...before.values]);
    },

    advance(count) {
      length += count;
      slot = memory = round = 0;
    },

    reorder(rows) {
      const pick = (tensor: tf.Tensor, axis: number | null = 0): tf.Tensor =>
        axis === null
          ? tensor
          : replace(tensor, () => tf.tidy(() => tf.gather(tensor, tf.tensor1d([...rows], "int32"), axis)));
      const pickSlot = ({ values, batch }: Slot): Slot => ({
        values: values.map((value, n) => pick(value, batch?.[n])),
        batch,
      });
      const pickRows = (held: Rows): Rows => ({ ...held, tensor: pick(held.tensor) });
      slots.forEach(({ k, v, first }, index) => (slots[index] = { k: pickRows(k), v: pickRows(v), first }));
      memories.forEach((each, index) => (memories[index] = pickSlot(each)));
      rounds.forEach((each, index) => (rounds[index] = pickSlot(each)));
    },

    dispose() {
      tf.dispose(slots.flatMap(({ k, v }) => [k.tensor, v.tensor]));
      tf.dispose([...memories, ...rounds].flatMap(({ values }) => values));
      slots.length = memories.length = rounds.length = 0;
      length = slot = memory = round = 0;
    },
  };
}

/** A query sees `window` keys, itself included: of the earlier ones no more than `window - 1` can still be seen. */
function grow(before: Held, k: tf.Tensor, v: tf.Tensor, window: number): Held {
  const dropped = Math.max(0, before.k.count - (window - 1));
  const join = (old: Rows, fresh: tf.Tensor): Rows => {
    const joined = append(old, fresh, dropped);
    if (joined.tensor !== old.tensor) old.tensor.dispose();
    return joined;
  };
  return { k: join(before.k, k), v: join(before.v, v), first: before.first + dropped };
}

function replace(tensor: tf.Tensor, make: () => tf.Tensor): tf.Tensor {
  const made = tf.keep(make());
  tensor.dispose();
  return made;
}

const slotOf = (values: readonly tf.Tensor[], batch: BatchAxes | undefined): Slot => ({
  values: values.map(own),
  batch,
});

/** A copy (of the handle, not the numbers) that outlives the tidy around the step. */
function own(tensor: tf.Tensor): tf.Tensor {
  return tf.keep(tf.clone(tensor));
}
