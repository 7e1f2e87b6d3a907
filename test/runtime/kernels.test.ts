import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import {
  crossEntropy,
  embedding,
  gelu,
  geluTanh,
  linear,
  linearTransposed,
  quickGelu,
  rearrange,
  relu,
  silu,
} from "tfmc/runtime";
import { expectClose, numbers, onEveryBackend, wave, waves } from "./on-every-backend.js";

/** x [rows, d] times w [d, out] plus b, in plain numbers. */
function product(x: number[], w: number[], b: number[], rows: number, d: number, out: number): number[] {
  return Array.from({ length: rows * out }, (_, at) => {
    const [row, column] = [Math.floor(at / out), at % out];
    let sum = b[column] ?? 0;
    for (let m = 0; m < d; m++) sum += (x[row * d + m] ?? 0) * (w[m * out + column] ?? 0);
    return sum;
  });
}

onEveryBackend("linear", () => {
  it.each([[1], [5], [2, 3], [2, 1, 4]])("takes leading axes %s", async (...leading) => {
    const rows = leading.reduce((size, axis) => size * axis, 1);
    const due = product(wave(rows * 6), wave(6 * 7, 2), wave(7, 3), rows, 6, 7);
    const plain = product(wave(rows * 6), wave(6 * 7, 2), [], rows, 6, 7);
    const x = (): tf.Tensor => waves([...leading, 6]);
    expectClose(await numbers(() => linear(x(), waves([6, 7], 2), waves([7], 3))), due);
    expectClose(await numbers(() => linear(x(), waves([6, 7], 2))), plain);
    expectClose(await numbers(() => linearTransposed(x(), tf.transpose(waves([6, 7], 2)), waves([7], 3))), due);
    expectClose(await numbers(() => linearTransposed(x(), tf.transpose(waves([6, 7], 2)))), plain);
    expect(tf.tidy(() => linear(x(), waves([6, 7], 2)).shape)).toEqual([...leading, 7]);
    expect(tf.tidy(() => linearTransposed(x(), waves([7, 6], 2)).shape)).toEqual([...leading, 7]);
  });
});

onEveryBackend("rearrange", () => {
  const cases: [string, number[], Record<string, number>, number[], number[]][] = [
    ["b n (h c) -> b h n c", [1, 2, 4], { h: 2 }, [1, 2, 2, 2], [0, 1, 4, 5, 2, 3, 6, 7]],
    ["b h n c -> b n (h c)", [1, 2, 2, 2], {}, [1, 2, 4], [0, 1, 4, 5, 2, 3, 6, 7]],
    ["(a b) -> b a", [6], { a: 2 }, [3, 2], [0, 3, 1, 4, 2, 5]],
    ["a b -> (a b)", [2, 2], {}, [4], [0, 1, 2, 3]],
    ["a 1 b -> b a 1", [2, 1, 2], {}, [2, 2, 1], [0, 2, 1, 3]],
    [".. a b -> .. b a", [1, 2, 1, 2], {}, [1, 2, 2, 1], [0, 1, 2, 3]],
    [
      "(y p) (x q) -> (y x) (p q)",
      [4, 4],
      { p: 2, q: 2 },
      [4, 4],
      [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15],
    ],
  ];
  it.each(cases)("%s", async (pattern, shape, sizes, shapeDue, due) => {
    const size = due.length;
    const x = (): tf.Tensor =>
      tf.tensor(
        Array.from({ length: size }, (_, n) => n),
        shape,
      );
    expect(tf.tidy(() => rearrange(x(), pattern, sizes).shape)).toEqual(shapeDue);
    expect(await numbers(() => rearrange(x(), pattern, sizes))).toEqual(due);
  });

  it("moves Swin's windows, which have more axes than a backend transposes", async () => {
    const pattern = "b t (ny wy) (nx wx) h c -> (b ny nx) h (t wy wx) c";
    const shape = [2, 2, 4, 6, 2, 3];
    const there = await numbers(() => rearrange(waves(shape), pattern, { wy: 2, wx: 3 }));
    const back = await numbers(() => {
      const moved = rearrange(waves(shape), pattern, { wy: 2, wx: 3 });
      const inverse = "(b ny nx) h (t wy wx) c -> b t (ny wy) (nx wx) h c";
      return rearrange(moved, inverse, { b: 2, ny: 2, t: 2, wy: 2, wx: 3 });
    });
    expect(there).not.toEqual(back);
    expectClose(back, wave(2 * 2 * 4 * 6 * 2 * 3), 1e-7);
  });

  it.each([
    ["a b", [2, 2], {}, "one -> is due"],
    ["a b -> a", [2, 2], {}, "the axes differ"],
    ["a a -> a a", [2, 2], {}, "an axis stands twice"],
    ["(a b -> a b", [2], {}, "not closed"],
    ["a (b c) -> a b c", [2, 4], {}, "the sizes of b and c"],
    ["(a b) -> a b", [5], { a: 2 }, "an axis of 5 does not split into (a b)"],
    ["a b -> b a", [2], {}, "has 1 axes"],
  ])("refuses %s of [%s]", (pattern, shape, sizes, message) => {
    expect(() => tf.tidy(() => rearrange(waves(shape), pattern, sizes))).toThrow(message);
  });
});

onEveryBackend("activations", () => {
  const x = [-30, -3, -1, -0.5, 0, 0.5, 1, 3, 30];
  const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
  const due: [string, (t: tf.Tensor) => tf.Tensor, (t: number) => number][] = [
    ["relu", relu, (t) => Math.max(t, 0)],
    ["silu", silu, (t) => t * sigmoid(t)],
    ["quickGelu", quickGelu, (t) => t * sigmoid(1.702 * t)],
    ["geluTanh", geluTanh, (t) => 0.5 * t * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (t + 0.044715 * t ** 3)))],
  ];
  it.each(due)("%s", async (_, activation, plain) => {
    expectClose(await numbers(() => activation(tf.tensor1d(x))), x.map(plain), 1e-6);
  });
  it("gelu", async () => {
    // Φ from tables.
    const phi = [0, 0.0013498980316, 0.1586552539, 0.3085375387, 0.5, 0.6914624613, 0.8413447461, 0.998650102, 1];
    expectClose(
      await numbers(() => gelu(tf.tensor1d(x))),
      x.map((t, at) => t * (phi[at] ?? 0)),
      1e-6,
    );
    expectClose(await numbers(() => gelu(tf.tensor1d([-1, 1]))), [-0.1586552539, 0.8413447461], 1e-6);
  });
});

onEveryBackend("embedding", () => {
  it("gathers rows", async () => {
    const table = (): tf.Tensor => tf.tensor([0, 1, 10, 11, 20, 21], [3, 2]);
    const ids = (): tf.Tensor => tf.tensor([[2, 0, 1]], [1, 3], "int32");
    expect(await numbers(() => embedding(table(), ids()))).toEqual([20, 21, 0, 1, 10, 11]);
    expect(tf.tidy(() => embedding(table(), ids()).shape)).toEqual([1, 3, 2]);
  });
});

onEveryBackend("crossEntropy", () => {
  const logits = wave(4 * 5);
  const logProbability = (row: number, label: number): number => {
    const values = logits.slice(row * 5, row * 5 + 5);
    const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
    return (values[label] ?? NaN) - Math.log(total);
  };
  const labels = [3, 0, 4, 1];
  const loss = (options?: { ignore?: number; smoothing?: number }, of = labels): (() => tf.Tensor) => {
    return () => crossEntropy(tf.tensor(logits, [2, 2, 5]), tf.tensor(of, [2, 2], "int32"), options);
  };

  it("is the mean of -log p", async () => {
    const due = -labels.reduce((sum, label, row) => sum + logProbability(row, label), 0) / 4;
    expectClose(await numbers(loss()), [due]);
  });
  it("leaves out what is to be ignored", async () => {
    const due = -(logProbability(0, 3) + logProbability(3, 1)) / 2;
    expectClose(await numbers(loss({ ignore: -100 }, [3, -100, -100, 1])), [due]);
    expectClose(await numbers(loss({ ignore: -100 }, [-100, -100, -100, -100])), [0]);
  });
  it("smooths labels", async () => {
    const due =
      -labels.reduce((sum, label, row) => {
        const mean = [0, 1, 2, 3, 4].reduce((total, other) => total + logProbability(row, other) / 5, 0);
        return sum + 0.9 * logProbability(row, label) + 0.1 * mean;
      }, 0) / 4;
    expectClose(await numbers(loss({ smoothing: 0.1 })), [due]);
  });
});
