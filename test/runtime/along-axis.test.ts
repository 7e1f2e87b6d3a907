import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { argmax, argsort, cumsum, roll } from "tfmc/runtime";
import { numbers, onEveryBackend, waves } from "./on-every-backend.js";

/** Each line of entries along an axis, changed; all lines have one length. */
function alongLines(
  values: readonly number[],
  shape: readonly number[],
  axis: number,
  change: (line: readonly number[]) => readonly number[],
): number[] {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const length = shape[axis] ?? 1;
  const made = [...values];
  for (let start = 0; start < values.length; start++) {
    if (Math.floor(start / inner) % length !== 0) continue;
    const places = Array.from({ length }, (_, n) => start + n * inner);
    change(places.map((place) => values[place] ?? NaN)).forEach((entry, n) => (made[places[n] ?? 0] = entry));
  }
  return made;
}

const rising = (line: readonly number[]): number[] =>
  line.map((_, n) => n).sort((a, b) => (line[a] ?? 0) - (line[b] ?? 0) || a - b);

/** Many equal ones, signs of both kinds, and more entries than a GPU's work group has. */
const few = (shape: readonly number[]): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, n) => ((n * 7 + (n >> 3) * 3) % 5) - 2);

const shape = [3, 5, 4];

onEveryBackend("along an axis", (backend) => {
  it.each([0, 1, 2])("the order of reals, axis %i", async (axis) => {
    const values = few(shape).map((n) => n / 2);
    const due = alongLines(values, shape, axis, rising);
    expect(await numbers(() => argsort(tf.tensor(values, shape), axis))).toEqual(due);
    expect(tf.tidy(() => argsort(tf.tensor(values, shape), axis).dtype)).toBe("int32");
  });

  it("the order of long lines, equal ones as they are", async () => {
    const values = few([2, 700]);
    const due = alongLines(values, [2, 700], 1, rising);
    expect(await numbers(() => argsort(tf.tensor(values, [2, 700]), 1))).toEqual(due);
    expect(await numbers(() => argsort(tf.tensor(values, [2, 700], "int32"), 1))).toEqual(due);
  });

  // WebGPU has the integers that a float holds.
  it.skipIf(backend === "webgpu")("the order of integers that a 32-bit float does not hold", async () => {
    const values = [16777217, 16777216, -16777217, -16777216, 5, 16777217, 2147483647, -2147483647, 0, 2147483646];
    expect(await numbers(() => argsort(tf.tensor(values, [2, 5], "int32"), 1))).toEqual(
      alongLines(values, [2, 5], 1, rising),
    );
  });

  it("the order of one entry, and of infinite ones", async () => {
    expect(await numbers(() => argsort(tf.tensor([3, 1], [2, 1]), 1))).toEqual([0, 0]);
    expect(await numbers(() => argsort(tf.tensor([1, Infinity, -Infinity, Infinity, 0]), 0))).toEqual([2, 4, 0, 1, 3]);
  });

  it.each([0, 1, 2])("the place of the largest, axis %i", async (axis) => {
    const values = few(shape);
    const largest = alongLines(values, shape, axis, (line) => line.map(() => line.indexOf(Math.max(...line))));
    const due = await numbers(() =>
      tf.squeeze(tf.slice(tf.tensor(largest, shape), [0, 0, 0], shape.with(axis, 1)), [axis]),
    );
    for (const dtype of ["float32", "int32"] as const) {
      expect(await numbers(() => argmax(tf.tensor(values, shape, dtype), axis))).toEqual(due);
    }
  });

  it.each([0, 1, 2])("sums so far, axis %i", async (axis) => {
    const values = few(shape);
    const due = alongLines(values, shape, axis, (line) =>
      line.map((_, n) => line.slice(0, n + 1).reduce((a, b) => a + b)),
    );
    for (const dtype of ["float32", "int32"] as const) {
      expect(await numbers(() => cumsum(tf.tensor(values, shape, dtype), axis))).toEqual(due);
      expect(tf.tidy(() => cumsum(tf.tensor(values, shape, dtype), axis).dtype)).toBe(dtype);
    }
  });

  it.each([
    [0, 1],
    [1, 2],
    [1, -7],
    [2, 9],
    [2, 0],
    [2, 4],
  ])("axis %i moved on by %i", async (axis, by) => {
    const x = (): tf.Tensor => waves([3, 5, 4]);
    const values = await numbers(x);
    const due = alongLines(values, shape, axis, (line) =>
      line.map((_, n) => line[(((n - by) % line.length) + line.length) % line.length] ?? NaN),
    );
    expect(await numbers(() => roll(x(), axis, by))).toEqual(due);
  });
});
