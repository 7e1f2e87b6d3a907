import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { causal, createCache, linear, useBackend } from "tfmc/runtime";
import { referenceGeluTanh, referenceSilu } from "../../runtime/kernels/activations/reference.js";
import { wasmGeluTanh, wasmSilu } from "../../runtime/kernels/activations/wasm.js";
import { referenceAppend } from "../../runtime/kernels/append/reference.js";
import { rowsOf, usedRows, type Rows } from "../../runtime/kernels/append/rows.js";
import { wasmAppend } from "../../runtime/kernels/append/wasm.js";
import { attend } from "../../runtime/kernels/attend/attend.js";
import { referenceAttend } from "../../runtime/kernels/attend/reference.js";
import { wasmAttend } from "../../runtime/kernels/attend/wasm.js";
import { referenceLinear, referenceLinearTransposed } from "../../runtime/kernels/linear/reference.js";
import { wasmLinear, wasmLinearTransposed } from "../../runtime/kernels/linear/wasm.js";
import { referenceLayerNorm, referenceRmsNorm } from "../../runtime/kernels/norm/reference.js";
import { wasmLayerNorm, wasmRmsNorm } from "../../runtime/kernels/norm/wasm.js";
import { instantiateWasmKernels, wasmKernelsApply } from "../../runtime/kernels/wasm/kernels.js";
import { expectClose, numbers, waves } from "./on-every-backend.js";

/** Sizes around the widths that the kernels take at once, 4, 8 and 16, and at which bands are uneven. */
const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 30, 33, 64, 67];

beforeAll(async () => {
  await useBackend("wasm");
});

async function expectSame(fast: () => tf.Tensor, reference: () => tf.Tensor): Promise<void> {
  const shape = tf.tidy(() => reference().shape);
  // What is freed lies where the next tensor will: a number that the kernel leaves out is then none.
  tf.dispose(Array.from({ length: 8 }, () => tf.fill(shape, NaN)));
  const actual = await numbers(fast);
  expect(tf.tidy(() => fast().shape)).toEqual(shape);
  expectClose(actual, await numbers(reference), 5e-6);
}

describe("a kernel of ours on wasm equals the reference:", () => {
  const shapes = sizes.flatMap((d) => sizes.filter((out) => (d + out) % 3 === 0).map((out) => [d, out] as const));

  it.each([1, 2, 3, 5, 17, 18])("linear, %i rows", async (rows) => {
    for (const [d, out] of shapes) {
      const [x, bias] = [(): tf.Tensor => waves([1, rows, d]), (): tf.Tensor => waves([out], 3)];
      const [w, t] = [(): tf.Tensor => waves([d, out], 2), (): tf.Tensor => waves([out, d], 2)];
      await expectSame(
        () => wasmLinear(x(), w(), bias()),
        () => referenceLinear(x(), w(), bias()),
      );
      await expectSame(
        () => wasmLinear(x(), w()),
        () => referenceLinear(x(), w()),
      );
      await expectSame(
        () => wasmLinearTransposed(x(), t(), bias()),
        () => referenceLinearTransposed(x(), t(), bias()),
      );
      await expectSame(
        () => wasmLinearTransposed(x(), t()),
        () => referenceLinearTransposed(x(), t()),
      );
    }
  });

  it.each(sizes)("norms of %i numbers", async (d) => {
    const [x, gain, bias] = [() => waves([2, 3, d]), () => waves([d], 2), () => waves([d], 3)];
    await expectSame(
      () => wasmLayerNorm(x(), gain(), bias(), 1e-5),
      () => referenceLayerNorm(x(), gain(), bias(), 1e-5),
    );
    await expectSame(
      () => wasmRmsNorm(x(), gain(), 1e-5),
      () => referenceRmsNorm(x(), gain(), 1e-5),
    );
  });

  it.each(sizes)("activations of %i numbers", async (count) => {
    const x = (): tf.Tensor => tf.mul(waves([count]), 8);
    await expectSame(
      () => wasmGeluTanh(x()),
      () => referenceGeluTanh(x()),
    );
    await expectSame(
      () => wasmSilu(x()),
      () => referenceSilu(x()),
    );
  });

  it("activations of numbers whose exponentials are out of range", async () => {
    const x = (): tf.Tensor => tf.tensor1d([-1e30, -1000, -90, -88, 0, 88, 90, 1000, 1e30]);
    await expectSame(
      () => wasmSilu(tf.slice(x(), 1, 7)),
      () => referenceSilu(tf.slice(x(), 1, 7)),
    );
    expect(await numbers(() => wasmSilu(tf.slice(x(), 8, 1)))).toEqual([Math.fround(1e30)]);
  });

  it.each([1, 2, 3, 4, 5, 9, 33, 100])("attention to %i keys", async (j) => {
    for (const [groups, shared, c, e] of [
      [1, 1, 4, 4],
      [3, 1, 5, 7],
      [2, 3, 16, 6],
      [2, 4, 1, 1],
    ] as const) {
      const [q, k, v] = [
        () => waves([1, groups, shared, 1, c]),
        () => waves([1, groups, j, c], 2),
        () => waves([1, groups, j, e], 3),
      ];
      const held = (): { k: Rows; v: Rows; first: number } => ({ k: rowsOf(k()), v: rowsOf(v()), first: 0 });
      const position = { first: j - 1, count: 1 };
      await expectSame(
        () => wasmAttend(q(), held(), 5),
        () => referenceAttend(q(), held(), position, { scale: 5 }),
      );
    }
  });

  it("attention to scores that are far apart, or far from 0", async () => {
    for (const scale of [1e4, -1e4, 1e-30]) {
      const [q, k, v] = [() => waves([1, 1, 4]), () => waves([1, 9, 4], 2), () => waves([1, 9, 3], 3)];
      const held = (): { k: Rows; v: Rows; first: number } => ({ k: rowsOf(k()), v: rowsOf(v()), first: 0 });
      await expectSame(
        () => wasmAttend(q(), held(), scale),
        () => referenceAttend(q(), held(), { first: 8, count: 1 }, { scale }),
      );
    }
  });

  it("rows that grow, and lose their first", async () => {
    const first = waves([2, 3, 4, 5]);
    let [fast, due] = [rowsOf(first), rowsOf(first)];
    for (const [step, [added, dropped]] of [
      [1, 0],
      [1, 0],
      [3, 0],
      [1, 2],
      [2, 4],
      [9, 1],
      [1, 1],
      [1, 0],
      [4, 6],
    ].entries()) {
      const fresh = waves([2, 3, added ?? 0, 5], step + 2);
      const [before, beforeDue] = [fast, due];
      [fast, due] = [wasmAppend(fast, fresh, dropped ?? 0), referenceAppend(due, fresh, dropped ?? 0)];
      expectClose(await numbers(() => tf.clone(usedRows(fast))), await numbers(() => tf.clone(usedRows(due))), 0);
      if (before.tensor !== fast.tensor && before.tensor !== first) before.tensor.dispose();
      if (beforeDue.tensor !== first) beforeDue.tensor.dispose();
      fresh.dispose();
    }
    expectClose(await numbers(() => tf.clone(first)), await numbers(() => waves([2, 3, 4, 5])), 0);
    tf.dispose([first, fast.tensor, due.tensor]);
  });
});

describe("the choice of kernels", () => {
  const kernelsOf = async (run: () => tf.Tensor): Promise<string[]> =>
    (await tf.profile(() => tf.tidy(() => void run()))).kernelNames;

  it("takes ours for products with weights, and one position's attention", async () => {
    expect(await kernelsOf(() => linear(waves([1, 1, 8]), waves([8, 4])))).toContain("TfmcLinear");
    const step = (i: number): tf.Tensor => attend(waves([1, 2, i, 4]), waves([1, 2, 6, 4]), waves([1, 2, 6, 4]));
    expect(await kernelsOf(() => step(1))).toContain("TfmcAttend");
    expect(await kernelsOf(() => step(6))).not.toContain("TfmcAttend");
  });

  it("takes tfjs's where a gradient is recorded, since ours have none", () => {
    const applied: boolean[] = [wasmKernelsApply()];
    const same = tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy) => dy }));
    tf.tidy(() =>
      tf.grad((x: tf.Tensor) => {
        applied.push(wasmKernelsApply());
        return same(x);
      })(waves([3])),
    );
    expect(applied).toEqual([true, false]);
  });

  it("refuses memory that is shared by threads", async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    await expect(instantiateWasmKernels(memory)).rejects.toThrow("memory");
  });

  it("appends in place: a step of decoding allocates nothing", () => {
    const cache = createCache();
    const step = (): tf.Tensor =>
      tf.tidy(() => {
        const y = attend(waves([1, 2, 1, 4]), waves([1, 2, 1, 4]), waves([1, 2, 1, 4], 2), { mask: causal, cache });
        cache.advance(1);
        return y;
      });
    const sizes: number[] = [];
    for (let n = 0; n < 40; n++) {
      step().dispose();
      sizes.push(tf.memory().numBytes);
    }
    expect(new Set(sizes).size, "how often the rows moved").toBeLessThan(8);
    cache.dispose();
  });
});
