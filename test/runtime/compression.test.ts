/** Weights that are quantised or pruned when they are loaded, against the reference's codes, masks and outputs. */
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  disposeWeights,
  linearTransposed,
  loadWeights,
  param,
  read,
  readSafetensors,
  saveWeights,
  useBackend,
  zeros,
  type Compression,
  type StoredRule,
} from "tfmc/runtime";
import { prune } from "../../runtime/weights/compress/prune.js";
import { dequantize, pack, quantize, unpack } from "../../runtime/weights/compress/quantize.js";

beforeAll(() => useBackend("cpu"));

const file = (path: string): string => fileURLToPath(new URL(`../reference/features/${path}`, import.meta.url));
const layer = (out: number, d: number, compression?: Compression, stored: string | StoredRule = "weight") => ({
  weight: param("f32[out, d]", [out, d], zeros, stored, compression),
  bias: param("f32[out]", [out], zeros, "bias"),
});

async function saved(parameters: ReturnType<typeof layer>, path: string): Promise<Blob> {
  const weights = await loadWeights(parameters, path);
  const pieces: Uint8Array[] = [];
  await saveWeights(parameters, weights, (bytes) => void pieces.push(bytes.slice()));
  disposeWeights(parameters, weights);
  return new Blob(pieces.map((piece) => new Uint8Array(piece)));
}

async function output(parameters: ReturnType<typeof layer>, path: string, x: tf.Tensor): Promise<number[]> {
  const weights = await loadWeights(parameters, path);
  const y = tf.tidy(() => linearTransposed(x, weights.weight, weights.bias));
  const numbers = [...(await read(y))];
  y.dispose();
  disposeWeights(parameters, weights);
  return numbers;
}

function largestError(found: readonly number[], due: ArrayLike<number>): number {
  expect(found.length).toBe(due.length);
  const most = Math.max(...Array.from(due, Math.abs));
  return Math.max(...found.map((value, n) => Math.abs(value - (due[n] ?? NaN)))) / most;
}

async function io(
  name: string,
): Promise<(key: string) => { shape: readonly number[]; data: Float32Array | Int32Array }> {
  const tensors = await readSafetensors(file(`${name}/io.safetensors`));
  return (key) => {
    const found = tensors.get(key);
    if (!found) throw new Error(`${name} has no ${key}`);
    return found;
  };
}

const int8: Compression = { quantize: { bits: 8, axis: 1 } };
const int4: Compression = { quantize: { bits: 4, axis: 1, group: 32 } };

test("int8 by rows and int4 in groups give the reference's codes, scales and bytes", async () => {
  const get = await io("quantized_linear");
  const weight = (await readSafetensors(file("quantized_linear/model.safetensors"))).get("weight");
  const values = Float32Array.from(weight?.data ?? []);
  const [rows, columns] = [11, 96];
  const eight = quantize(values, { bits: 8, axis: 1, sizes: [rows, columns] });
  expect([...eight.codes]).toEqual([...get("out.int8_codes").data]);
  expect(eight.scales).toEqual(get("out.int8_scales").data);
  const along = { bits: 4, axis: 1, group: 32, sizes: [rows, columns] } as const;
  const four = quantize(values, along);
  expect([...four.codes]).toEqual([...get("out.int4_codes").data]);
  expect(four.scales).toEqual(get("out.int4_scales").data);
  expect([...pack(four.codes, along)]).toEqual([...get("out.int4_packed").data]);
  expect(unpack(pack(four.codes, along), along)).toEqual(four.codes);
});

test.each([
  ["int8", int8],
  ["int4", int4],
] as const)(
  "%s: the layer's output, from the whole weights and from codes; what is saved is what a checkpoint holds",
  async (name, compression) => {
    const get = await io("quantized_linear");
    const { shape, data } = get("in.x");
    const x = tf.tensor(data, [...shape]);
    const due = get(`out.${name}_output`).data;
    const parameters = layer(11, 96, compression);
    const codes = file(`quantized_linear/${name}.safetensors`);
    for (const path of [file("quantized_linear/model.safetensors"), codes]) {
      expect(largestError(await output(parameters, path, x), due)).toBeLessThan(1e-6);
      expect(await readSafetensors(await saved(parameters, path))).toEqual(await readSafetensors(codes));
    }
    expect(
      largestError(await output(layer(11, 96), file("quantized_linear/model.safetensors"), x), due),
    ).toBeGreaterThan(1e-3);
    x.dispose();
  },
);

test("codes that do not fit are refused before anything is read", async () => {
  const codes = file("quantized_linear/int4.safetensors");
  await expect(loadWeights(layer(11, 96), codes)).rejects.toThrow("is U8 [11, 48]; weight, f32[out, d], is of floats");
  await expect(loadWeights(layer(11, 96, int8), codes)).rejects.toThrow(
    "codes of 8 bits, I8 [11, 96], are due for weight",
  );
  const halves: Compression = { quantize: { bits: 4, axis: 1, group: 16 } };
  await expect(loadWeights(layer(11, 96, halves), codes)).rejects.toThrow("floats [11, 6] are due");
});

test.each([
  ["unstructured", { share: 0.5 }],
  ["structured", { keep: 2, of: 4, axis: 1 }],
] as const)("%s pruning: the reference's mask and output", async (name, pruning) => {
  const get = await io("pruned_linear");
  const path = file("pruned_linear/model.safetensors");
  const weight = Float32Array.from((await readSafetensors(path)).get("weight")?.data ?? []);
  const mask = get(`out.${name}_mask`).data;
  expect([...prune(weight, [9, 20], pruning)]).toEqual([...weight].map((value, n) => (mask[n] ? value : 0)));
  const { shape, data } = get("in.x");
  const x = tf.tensor(data, [...shape]);
  expect(
    largestError(await output(layer(9, 20, { prune: pruning }), path, x), get(`out.${name}_output`).data),
  ).toBeLessThan(1e-6);
  x.dispose();
});

test("an axis anywhere: codes come back, and no entry is further off than half a step", () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 5 }),
  );
  fc.assert(
    fc.property(
      sizes,
      fc.nat(2),
      fc.constantFrom<4 | 8>(4, 8),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.float({ noNaN: true, min: -9, max: 9 })),
      (given, axis, bits, group, numbers) => {
        const whole = given.map((size, n) => (n === axis ? 2 * size : size));
        const along = { bits, axis, group, sizes: whole };
        const values = Float32Array.from(numbers.take(whole.reduce((a, b) => a * b, 1)));
        const quantized = quantize(values, along);
        const back = dequantize(quantized, along);
        expect(unpack(pack(quantized.codes, along), along)).toEqual(bits === 4 ? quantized.codes : expect.anything());
        expect(quantize(back, along, quantized.scales).codes).toEqual(quantized.codes);
        const step = Math.max(...quantized.scales);
        values.forEach((value, n) => expect(Math.abs(value - (back[n] ?? NaN))).toBeLessThanOrEqual(step * 0.5001));
      },
    ),
  );
});

test("a tensor stored with its input axis first, in a stack, is saved as it was loaded", async () => {
  const stack = (from: number): StoredRule => ({ name: "c_attn", axis: 1, from, to: from + 3, of: 6, order: [1, 0] });
  const compression: Compression = { quantize: { bits: 4, axis: 0, group: 4 } };
  const parameters = {
    q: param("f32[out, d]", [3, 8], zeros, stack(0), compression),
    k: param("f32[out, d]", [3, 8], zeros, stack(3), compression),
  };
  const { q, k } = parameters;
  const values = Float32Array.from({ length: 48 }, (_, n) => Math.sin(n + 1));
  const weights = { q: tf.tensor2d(values.subarray(0, 24), [3, 8]), k: tf.tensor2d(values.subarray(24), [3, 8]) };
  const pieces: Uint8Array[] = [];
  await saveWeights({ q, k }, weights as never, (bytes) => void pieces.push(bytes.slice()));
  const blob = new Blob(pieces.map((piece) => new Uint8Array(piece)));
  const tensors = await readSafetensors(blob);
  expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
    ["c_attn", "U8", [4, 6]],
    ["c_attn_scale", "F32", [2, 6]],
  ]);
  const again = await loadWeights(parameters, blob);
  const due = dequantize(quantize(values.subarray(0, 24), { bits: 4, axis: 1, group: 4, sizes: [3, 8] }), {
    bits: 4,
    axis: 1,
    group: 4,
    sizes: [3, 8],
  });
  expect(await read(again.q)).toEqual(due);
  disposeWeights(parameters, again);
});
