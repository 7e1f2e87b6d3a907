import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { lastPosition, onlyLast, slice, stack, take } from "tfmc/runtime";
import { numbers, onEveryBackend } from "./on-every-backend.js";

/** 0, 1, 2, ... */
const count = (...shape: number[]): tf.Tensor =>
  tf.reshape(
    tf.range(
      0,
      shape.reduce((size, axis) => size * axis, 1),
    ),
    shape,
  );

onEveryBackend("entries of one axis", () => {
  it.each([
    [0, 1, [2, 1, 3, 2], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]],
    [1, 1, [2, 1, 3, 2], [6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23]],
    [3, 2, [2, 2, 1, 2], [4, 5, 10, 11, 16, 17, 22, 23]],
    [4, 0, [2, 2, 1, 3], [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]],
  ])("of axis %i, entry %i of five", async (axis, index, shape, due) => {
    const x = (): tf.Tensor => count(2, 2, 1, 3, 2);
    expect(tf.tidy(() => take(x(), axis, index).shape)).toEqual(shape);
    expect(await numbers(() => take(x(), axis, index))).toEqual(due);
  });

  it("the last position", async () => {
    const x = (seq: number): tf.Tensor => count(2, seq, 2);
    expect(tf.tidy(() => [lastPosition(x(3)).shape, onlyLast(x(3)).shape, onlyLast(x(1)).shape])).toEqual([
      [2, 2],
      [2, 1, 2],
      [2, 1, 2],
    ]);
    expect(await numbers(() => lastPosition(x(3)))).toEqual([4, 5, 10, 11]);
    expect(await numbers(() => tf.clone(onlyLast(x(3))))).toEqual([4, 5, 10, 11]);
    expect(await numbers(() => tf.clone(onlyLast(x(1))))).toEqual([0, 1, 2, 3]);
  });

  it.each([
    [0, 1, 2],
    [1, 0, 3],
    [2, 3, 20],
    [2, 0, 17],
    [3, 0, 1],
  ])("a part of axis %i, from %i to %i", async (axis, from, to) => {
    const shape = [2, 3, 20, 2];
    const begin = shape.map((_, n) => (n === axis ? from : 0));
    const size = shape.map((whole, n) => (n === axis ? to - from : whole));
    const due = await numbers(() => tf.slice(count(...shape), begin, size));
    expect(await numbers(() => slice(count(...shape), axis, from, to))).toEqual(due);
    expect(tf.tidy(() => slice(count(...shape), axis, from, to).shape)).toEqual(size);
  });

  it.each([0, 1, 2, 3])("side by side along a new axis %i", async (axis) => {
    const parts = (): tf.Tensor[] => [count(2, 17, 3), tf.neg(count(2, 17, 3)), tf.add(count(2, 17, 3), 0.5)];
    expect(await numbers(() => stack(parts(), axis))).toEqual(await numbers(() => tf.stack(parts(), axis)));
    expect(tf.tidy(() => stack(parts(), axis).shape)).toEqual(tf.tidy(() => tf.stack(parts(), axis).shape));
  });
});
