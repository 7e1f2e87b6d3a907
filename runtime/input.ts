/** The checks at a model's entry, and the tensors made there. */
import * as tf from "@tensorflow/tfjs-core";
import type { Cache } from "./cache.js";
import { deferCheck } from "./faults.js";
import { valuesOnHost } from "./host-values.js";
import type { Input, Nested, Tensor } from "./tensor.js";

export interface InputRule {
  readonly dtype: "float32" | "int32" | "bool";
  readonly rank: number;
  /** Integers must lie in `0..below - 1`. */
  readonly below?: number;
  /** But for this one, which stands for "none". */
  readonly except?: number;
  /** Sizes that are fixed; `null` where any size will do. */
  readonly sizes?: readonly (number | null)[];
}

/**
 * The tensor of an input, checked. Integers 0 and 1 are accepted where `bool` is declared.
 *
 * @throws Error that begins with `name` if it is not there, or if rank, dtype, a fixed size or the range of integers is wrong. Integers that
 *   exist only on the GPU are read in the background, and an error of theirs surfaces at the next read of a result.
 */
export function input<Shape extends string>(name: string, value: Input<Shape>, rule: InputRule): Tensor<Shape> {
  if (!isGiven(value)) throw new Error(`${name} is missing: rank ${rule.rank}, dtype ${rule.dtype} is due`);
  const given = isTensor(value) ? value : fromNested(name, value, rule.dtype);
  if (given.rank !== rule.rank) {
    throw new Error(`${name}: rank ${given.rank} [${given.shape.join(", ")}], rank ${rule.rank} is due`);
  }
  rule.sizes?.forEach((size, axis) => {
    if (size !== null && given.shape[axis] !== size) {
      throw new Error(`${name}: axis ${axis} of [${given.shape.join(", ")}] is ${given.shape[axis]}, ${size} is due`);
    }
  });
  const limit = rule.dtype === "bool" ? 2 : rule.below;
  if (limit !== undefined && given.dtype === "int32") checkRange(name, given, limit, rule.except);
  if (given.dtype === rule.dtype) return given;
  if (rule.dtype === "bool" && given.dtype === "int32") return tf.cast(given, "bool");
  throw new Error(`${name}: dtype ${given.dtype}, ${rule.dtype} is due`);
}

/** The positions `start .. start + seq - 1`, i32[seq], where `start` is what the cache already holds. */
export function positions(seq: number, cache?: Cache): Tensor<"i32[seq]"> {
  const start = cache?.length ?? 0;
  return tf.range(start, start + seq, 1, "int32");
}

/** @throws Error with `message` unless the condition holds. */
export function guard(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** JavaScript may leave out what TypeScript asks for. */
const isGiven = (value: unknown): boolean => value instanceof tf.Tensor || Array.isArray(value);

function isTensor<Shape extends string>(value: Input<Shape>): value is Tensor<Shape> {
  return value instanceof tf.Tensor;
}

function fromNested(name: string, value: readonly Nested[], dtype: InputRule["dtype"]): tf.Tensor {
  const shape = nestedShape(value);
  const flat: number[] = [];
  const visit = (item: Nested, depth: number, at: readonly number[]): void => {
    if (typeof item === "number" || typeof item === "boolean") {
      if (depth !== shape.length) throw new Error(`${name}: a number stands at [${at.join(", ")}], an array is due`);
      const number = Number(item);
      if (dtype !== "float32" && !Number.isInteger(number)) {
        throw new Error(`${name}: ${number} at [${at.join(", ")}] is no integer`);
      }
      flat.push(number);
      return;
    }
    if (item.length !== shape[depth]) {
      throw new Error(
        `${name}: [${at.join(", ")}] has ${item.length} entries, its neighbours have ${shape[depth] ?? 0}`,
      );
    }
    item.forEach((inner, index) => visit(inner, depth + 1, [...at, index]));
  };
  visit(value, 0, []);
  // Booleans come as 0 and 1 and take the path of integers, so that a 2 is refused.
  return tf.tensor(flat, shape, dtype === "float32" ? "float32" : "int32");
}

function nestedShape(value: readonly Nested[]): number[] {
  const shape: number[] = [];
  for (let item: Nested | undefined = value; typeof item === "object"; item = item[0]) shape.push(item.length);
  return shape;
}

function checkRange(name: string, tensor: tf.Tensor, limit: number, except: number | undefined): void {
  const check = (values: ArrayLike<number>): void => {
    for (let flat = 0; flat < values.length; flat++) {
      const value = values[flat] ?? 0;
      if ((value < 0 || value >= limit) && value !== except) {
        throw new Error(`${name}: token ${value} at [${unravel(flat, tensor.shape)}] is outside 0..${limit - 1}`);
      }
    }
  };
  const values = valuesOnHost(tensor);
  if (values) check(values);
  else deferCheck(tensor.data().then(check));
}

function unravel(flat: number, shape: readonly number[]): string {
  const at: number[] = [];
  for (const size of [...shape].reverse()) {
    at.unshift(flat % size);
    flat = Math.floor(flat / size);
  }
  return at.join(", ");
}
