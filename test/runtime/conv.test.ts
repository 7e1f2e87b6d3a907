import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { conv } from "tfmc/runtime";
import { expectClose, numbers, onEveryBackend, wave, waves } from "./on-every-backend.js";

interface Case {
  readonly x: readonly [images: number, channels: number, h: number, w: number];
  readonly weight: readonly [out: number, taken: number, kh: number, kw: number];
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
}

/** By the definition: what lies outside of the image is 0. */
function due({ x, weight, stride = 1, padding = 0, groups = 1 }: Case): number[] {
  const [images, channels, h, w] = x;
  const [out, taken, kh, kw] = weight;
  const [xs, ws] = [wave(images * channels * h * w), wave(out * taken * kh * kw, 2)];
  const made: number[] = [];
  const [rows, columns] = [
    Math.floor((h + 2 * padding - kh) / stride) + 1,
    Math.floor((w + 2 * padding - kw) / stride) + 1,
  ];
  for (let b = 0; b < images; b++)
    for (let o = 0; o < out; o++)
      for (let y = 0; y < rows; y++)
        for (let z = 0; z < columns; z++) {
          let sum = 0;
          for (let c = 0; c < taken; c++)
            for (let i = 0; i < kh; i++)
              for (let j = 0; j < kw; j++) {
                const [p, q] = [y * stride + i - padding, z * stride + j - padding];
                if (p < 0 || q < 0 || p >= h || q >= w) continue;
                const channel = Math.floor(o / (out / groups)) * taken + c;
                sum +=
                  (xs[((b * channels + channel) * h + p) * w + q] ?? NaN) *
                  (ws[((o * taken + c) * kh + i) * kw + j] ?? NaN);
              }
          made.push(sum);
        }
  return made;
}

onEveryBackend("convolution", () => {
  const cases: readonly Case[] = [
    { x: [2, 3, 7, 9], weight: [5, 3, 3, 2] },
    { x: [2, 3, 8, 9], weight: [5, 3, 4, 3], stride: 2, padding: 1 },
    { x: [2, 3, 8, 12], weight: [6, 3, 4, 4], stride: 4 },
    { x: [1, 6, 5, 7], weight: [4, 3, 3, 3], padding: 2, groups: 2 },
    { x: [2, 4, 6, 5], weight: [8, 1, 3, 3], padding: 1, groups: 4, stride: 3 },
    { x: [2, 1, 1, 1], weight: [3, 1, 1, 1] },
  ];
  it.each(cases)("over two axes: $x by $weight, stride $stride, padding $padding, groups $groups", async (one) => {
    const { x, weight, stride, padding, groups } = one;
    const options = { ...(stride && { stride }), ...(padding && { padding }), ...(groups && { groups }) };
    expectClose(await numbers(() => conv(waves(x), waves(weight, 2), options)), due(one));
  });

  it("over one axis, with more leading axes than one, and none", async () => {
    const one: Case = { x: [6, 3, 1, 9], weight: [5, 3, 1, 4], stride: 2 };
    expectClose(await numbers(() => conv(waves([2, 3, 3, 9]), waves([5, 3, 4], 2), { stride: 2 })), due(one));
    expect(tf.tidy(() => conv(waves([2, 3, 3, 9]), waves([5, 3, 4], 2), { stride: 2 }).shape)).toEqual([2, 3, 5, 3]);
    expect(tf.tidy(() => conv(waves([3, 9]), waves([5, 3, 4]), { padding: 1 }).shape)).toEqual([5, 8]);
  });
});
