import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { argmax, argsort, concat, cumsum, lookUp, pick, rearrange, roll, slice, stack } from "tfmc/runtime";
import { numbers, onEveryBackend, onShaders } from "./on-every-backend.js";

/** Of both signs, 24 of them in three axes. */
const shape = [2, 3, 4];
const values = Array.from({ length: 24 }, (_, n) => ((n * 11) % 17) - 8);
const others = Array.from({ length: 24 }, (_, n) => ((n * 5) % 7) + 1).map((x, n) => (n % 3 === 0 ? -x : x));
const x = (): tf.Tensor => tf.tensor(values, shape, "int32");
const y = (): tf.Tensor => tf.tensor(others, shape, "int32");
const truths = values.map((value) => Number(value > 0));
const truth = (): tf.Tensor => tf.tensor(truths, shape, "bool");
const each = (change: (a: number, b: number) => number): number[] => values.map((a, n) => change(a, others[n] ?? NaN));

onEveryBackend("integers and truth values", (backend) => {
  onShaders(backend);

  it.each<[string, () => tf.Tensor, (a: number, b: number) => number]>([
    ["sum", () => tf.add(x(), y()), (a, b) => a + b],
    ["difference", () => tf.sub(x(), y()), (a, b) => a - b],
    ["product", () => tf.mul(x(), y()), (a, b) => a * b],
    ["quotient, rounded down", () => tf.floorDiv(x(), y()), (a, b) => Math.floor(a / b)],
    ["rest, with the divisor's sign", () => tf.mod(x(), y()), (a, b) => a - b * Math.floor(a / b)],
    ["least", () => tf.minimum(x(), y()), Math.min],
    ["greatest", () => tf.maximum(x(), y()), Math.max],
    ["magnitude", () => tf.abs(x()), Math.abs],
    ["negation", () => tf.neg(x()), (a) => -a],
    ["equal", () => tf.equal(x(), y()), (a, b) => Number(a === b)],
    ["unequal", () => tf.notEqual(x(), y()), (a, b) => Number(a !== b)],
    ["less", () => tf.less(x(), y()), (a, b) => Number(a < b)],
    ["at most", () => tf.lessEqual(x(), y()), (a, b) => Number(a <= b)],
    ["both", () => tf.logicalAnd(truth(), tf.less(x(), y())), (a, b) => Number(a > 0 && a < b)],
    ["either", () => tf.logicalOr(truth(), tf.less(x(), y())), (a, b) => Number(a > 0 || a < b)],
    ["not", () => tf.logicalNot(truth()), (a) => Number(a <= 0)],
    ["chosen", () => tf.where(truth(), x(), y()), (a, b) => (a > 0 ? a : b)],
    ["as real", () => tf.div(tf.cast(x(), "float32"), 2), (a) => a / 2],
    [
      "real as integer, towards zero",
      () => tf.cast(tf.div(tf.cast(x(), "float32"), 2), "int32"),
      (a) => Math.trunc(a / 2),
    ],
    ["truth as integer", () => tf.cast(truth(), "int32"), (a) => Number(a > 0)],
  ])("%s", async (_, make, due) => {
    expect((await numbers(make)).map((n) => n + 0)).toEqual(each(due).map((n) => n + 0));
  });

  it.each<[string, (given: tf.Tensor) => tf.Tensor]>([
    ["transposed", (given) => tf.transpose(given, [2, 0, 1])],
    ["of two axes, transposed", (given) => tf.transpose(tf.reshape(given, [6, 4]), [1, 0])],
    ["rearranged", (given) => rearrange(given, "a b (c d) -> b (d a) c", { c: 2 })],
    ["repeated", (given) => tf.broadcastTo(given, [3, 2, 3, 4])],
    ["rolled", (given) => roll(given, 1, 2)],
    ["cut", (given) => slice(given, 1, 1, 3)],
    ["joined", (given) => concat([given, given], 1)],
    ["stacked", (given) => stack([given, given], 3)],
    ["looked up", (given) => lookUp(given, [1], [tf.tensor([2, 0], [2], "int32")])],
    ["picked", (given) => pick(given, tf.tensor([3, 0, 1, 2, 2, 0], [2, 3], "int32"))],
  ])("%s", async (_, change) => {
    const due = await numbers(() => change(tf.tensor(values, shape)));
    expect(await numbers(() => change(x()))).toEqual(due);
    expect(tf.tidy(() => change(x()).dtype)).toBe("int32");
    expect(await numbers(() => change(truth()))).toEqual(due.map((value) => Number(value > 0)));
    expect(tf.tidy(() => change(truth()).dtype)).toBe("bool");
  });

  it.each([0, 1, 2])("along axis %i", async (axis) => {
    const reals = (): tf.Tensor => tf.tensor(values, shape);
    for (const change of [argsort, argmax, cumsum]) {
      expect(await numbers(() => change(x(), axis))).toEqual(await numbers(() => change(reals(), axis)));
    }
    const sums = await numbers(() => tf.sum(tf.cast(truth(), "float32"), axis));
    expect(await numbers(() => tf.any(truth(), axis))).toEqual(sums.map((n) => Number(n > 0)));
    expect(await numbers(() => tf.all(truth(), axis))).toEqual(sums.map((n) => Number(n === shape[axis])));
    expect(await numbers(() => tf.sum(x(), axis))).toEqual(await numbers(() => tf.sum(reals(), axis)));
    expect(await numbers(() => tf.max(x(), axis))).toEqual(await numbers(() => tf.max(reals(), axis)));
    expect(await numbers(() => tf.min(x(), axis))).toEqual(await numbers(() => tf.min(reals(), axis)));
  });
});
