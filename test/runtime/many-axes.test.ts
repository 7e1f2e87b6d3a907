import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import {
  argmax,
  argsort,
  backendNames,
  concat,
  cumsum,
  lookUp,
  rearrange,
  roll,
  slice,
  stack,
  take,
  useBackend,
} from "tfmc/runtime";
import { expectClose, numbers, onShaders, wave } from "./on-every-backend.js";

const whole = [2, 3, 2, 2, 1, 3, 2];
const filled = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.tensor(
    wave(
      shape.reduce((a, b) => a * b),
      seed,
    ),
    [...shape],
  );

/** x on all axes, y on some of them, z on the first and last alone. */
function operations(rank: number): Readonly<Record<string, () => tf.Tensor>> {
  const shape = whole.slice(-rank);
  const x = (): tf.Tensor => filled(shape, 1);
  const y = (): tf.Tensor =>
    filled(
      shape.map((size, n) => (n % 2 === 0 ? size : 1)),
      2,
    );
  const z = (): tf.Tensor => filled(shape.slice(-2), 3);
  const less = (): tf.Tensor => tf.less(x(), y());
  const axes = shape.map((_, n) => n);
  const letters = axes.map((n) => String.fromCharCode(97 + n));
  return {
    sum: () => tf.add(x(), y()),
    difference: () => tf.sub(z(), x()),
    product: () => tf.mul(y(), z()),
    quotient: () => tf.div(x(), tf.add(2, y())),
    power: () => tf.pow(tf.abs(x()), z()),
    exponential: () => tf.exp(x()),
    comparison: () => tf.cast(less(), "float32"),
    "truth values": () => tf.cast(tf.logicalOr(tf.logicalNot(less()), tf.equal(y(), z())), "int32"),
    choice: () => tf.where(less(), y(), z()),
    "a number for all": () => tf.maximum(x(), 0.25),
    total: () => tf.sum(x(), [1, rank - 1]),
    "total of all": () => tf.sum(x()),
    mean: () => tf.mean(x(), rank - 2, true),
    "mean along one entry": () => tf.mean(x(), shape.indexOf(1)),
    largest: () => tf.max(x(), [0, 1, 2]),
    some: () => tf.any(less(), 1),
    every: () => tf.all(tf.less(x(), 0.9), [0, rank - 2]),
    softmax: () => tf.softmax(x()),
    "log of softmax": () => tf.logSoftmax(x()),
    transposition: () => tf.transpose(x(), [1, 0, ...axes.slice(2).reverse()]),
    "transposition of integers": () => tf.transpose(tf.cast(less(), "int32"), [...axes].reverse()),
    repetition: () => tf.broadcastTo(y(), shape),
    rearrangement: () =>
      rearrange(
        x(),
        `${letters.join(" ")} -> ${letters[2]} (${letters[0]} ${letters[1]}) ${letters.slice(3).reverse().join(" ")}`,
      ),
    roll: () => roll(x(), 1, 1),
    "sums so far": () => cumsum(x(), 1),
    order: () => argsort(x(), 1),
    "the largest one's place": () => argmax(x(), rank - 2),
    part: () => slice(x(), 1, 0, 1),
    entry: () => take(x(), 1, 1),
    joined: () => concat([x(), x()], 1),
    stacked: () => stack([x(), x()], rank),
    "looked up": () => lookUp(x(), [1], [tf.tensor([1, 0, 1], [3], "int32")]),
  };
}

describe.each([5, 6, 7])("%i axes", (rank) => {
  const due = new Map<string, { readonly shape: readonly number[]; readonly values: number[] }>();
  beforeAll(async () => {
    await useBackend("cpu");
    for (const [name, make] of Object.entries(operations(rank)))
      due.set(name, { shape: tf.tidy(() => make().shape), values: await numbers(make) });
  });

  describe.each(backendNames.filter((name) => name !== "cpu"))("on %s", (backend) => {
    beforeAll(async () => void (await useBackend(backend)));
    onShaders(backend);

    it.each(Object.entries(operations(rank)))("%s", async (name, make) => {
      expectClose(await numbers(make), due.get(name)?.values ?? [], 1e-4);
      expect(tf.tidy(() => make().shape)).toEqual(due.get(name)?.shape);
    });
  });
});
