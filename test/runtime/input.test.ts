import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { createCache, guard, input, positions, read } from "tfmc/runtime";
import { numbers, onEveryBackend } from "./on-every-backend.js";

const ids = { dtype: "int32", rank: 2, below: 50257 } as const;

onEveryBackend("input", (backend) => {
  it("makes tensors of nested arrays", async () => {
    expect(
      await numbers(() =>
        input(
          "ids",
          [
            [1, 2],
            [3, 50256],
          ],
          ids,
        ),
      ),
    ).toEqual([1, 2, 3, 50256]);
    expect(tf.tidy(() => input("x", [[[1.5]], [[2]]], { dtype: "float32", rank: 3 }).shape)).toEqual([2, 1, 1]);
    expect(tf.tidy(() => input("keep", [true, false], { dtype: "bool", rank: 1 }).dtype)).toBe("bool");
    expect(await numbers(() => input("keep", [1, 0, 1], { dtype: "bool", rank: 1 }))).toEqual([1, 0, 1]);
  });

  it("lets the value through that stands for none", async () => {
    const labels = { dtype: "int32", rank: 1, below: 5, except: -100 } as const;
    expect(await numbers(() => input("labels", [4, -100, 0], labels))).toEqual([4, -100, 0]);
  });

  it("passes tensors through", async () => {
    expect(await numbers(() => input("ids", tf.tensor2d([[7, 8]], [1, 2], "int32"), ids))).toEqual([7, 8]);
    expect(await numbers(() => input("keep", tf.tensor1d([0, 1], "int32"), { dtype: "bool", rank: 1 }))).toEqual([
      0, 1,
    ]);
    expect(await numbers(() => input("keep", tf.tensor1d([false, true], "bool"), { dtype: "bool", rank: 1 }))).toEqual([
      0, 1,
    ]);
  });

  const refused: [string, () => unknown, string][] = [
    [
      "a token out of range",
      () => input("ids", [[1, 2, 3, 50300]], ids),
      "ids: token 50300 at [0, 3] is outside 0..50256",
    ],
    ["a negative token", () => input("ids", [[1], [-1]], ids), "ids: token -1 at [1, 0] is outside 0..50256"],
    [
      "a label that is not the one left out",
      () => input("labels", [4, -1], { dtype: "int32", rank: 1, below: 5, except: -100 }),
      "labels: token -1 at [1] is outside 0..4",
    ],
    ["a fraction", () => input("ids", [[1, 0.5]], ids), "ids: 0.5 at [0, 1] is no integer"],
    // As JavaScript may call it.
    [
      "an input that is not there",
      (): unknown => Reflect.apply(input, undefined, ["ids", undefined, ids]),
      "ids is missing: rank 2, dtype int32 is due",
    ],
    ["another rank", () => input("ids", [1, 2], ids), "ids: rank 1 [2], rank 2 is due"],
    [
      "another rank of a tensor",
      () => input("ids", tf.zeros([1, 2, 3], "int32"), ids),
      "ids: rank 3 [1, 2, 3], rank 2 is due",
    ],
    ["another dtype", () => input("ids", tf.zeros([1, 2]), ids), "ids: dtype float32, int32 is due"],
    ["ragged rows", () => input("ids", [[1, 2], [3]], ids), "ids: [1] has 1 entries, its neighbours have 2"],
    ["mixed depths", () => input("ids", [[1], 2], ids), "ids: a number stands at [1], an array is due"],
    ["a 2 for a bool", () => input("keep", [0, 2], { dtype: "bool", rank: 1 }), "keep: token 2 at [1] is outside 0..1"],
    [
      "another size",
      () => input("pixels", tf.zeros([1, 4]), { dtype: "float32", rank: 2, sizes: [null, 3] }),
      "pixels: axis 1 of [1, 4] is 4, 3 is due",
    ],
  ];
  it.each(refused)("refuses %s", (_, make, message) => {
    expect(() => tf.tidy(() => void make())).toThrow(message);
  });

  it("finds a token out of range that lies on the GPU, by the time that a result is read", async () => {
    const far = tf.tidy(() => tf.add(tf.fill([1, 2000], 50000, "int32"), tf.scalar(300, "int32")));
    await (backend === "webgpu" ? Promise.resolve() : far.data());
    const check = async (): Promise<void> => {
      const passed = input("ids", far, ids);
      await read(passed);
    };
    await expect(check()).rejects.toThrow("ids: token 50300 at [0, 0] is outside 0..50256");
    far.dispose();
  });
});

onEveryBackend("positions", () => {
  it("begin where the cache ends", async () => {
    const cache = createCache();
    expect(await numbers(() => positions(3))).toEqual([0, 1, 2]);
    cache.advance(5);
    expect(await numbers(() => positions(2, cache))).toEqual([5, 6]);
  });
});

describe("guard", () => {
  it("throws what it is given", () => {
    guard(true, "never");
    expect(() => guard(false, "GPT2: seq = 1500 exceeds ctx = 1024")).toThrow("GPT2: seq = 1500 exceeds ctx = 1024");
  });
});
