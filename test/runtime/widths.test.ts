/** Floats of 16 bits: read exactly, written by rounding, and back in a file as they came. */
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { disposeWeights, loadWeights, param, readSafetensors, saveWeights, useBackend, zeros } from "tfmc/runtime";
import { decodeNumbers } from "../../runtime/weights/safetensors/dtype.js";
import { encodeFloats } from "../../runtime/weights/safetensors/encode.js";
import { writeSafetensors } from "../../runtime/weights/safetensors/write.js";

beforeAll(() => useBackend("cpu"));

const every = Uint16Array.from({ length: 65536 }, (_, n) => n);
const floats = (bytes: Uint8Array, dtype: "F16" | "BF16"): Float32Array =>
  Float32Array.from(decodeNumbers(bytes, dtype));

test.each(["F16", "BF16"] as const)("every %s comes back as it was", (dtype) => {
  const values = floats(new Uint8Array(every.buffer), dtype);
  const again = new Uint16Array(encodeFloats(values, dtype).buffer);
  const lost = [...every].filter((bits) => !Number.isNaN(values[bits]) && again[bits] !== bits);
  expect(lost).toEqual([]);
  expect(floats(encodeFloats(values, dtype), dtype).filter(Number.isNaN).length).toBe(
    values.filter(Number.isNaN).length,
  );
});

test.each([
  [
    "F16",
    [1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, 2 ** -25, 2 ** -25 * 1.01, -(2 ** -26)],
    [1, 1 + 2 ** -9, 65504, Infinity, 0, 2 ** -24, -0],
  ],
  ["BF16", [1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -7, 3.4e38], [1, 1 + 2 ** -6, 1 + 2 ** -7, Infinity]],
] as const)("%s rounds to the nearest, halves to even", (dtype, given, due) => {
  const rounded = floats(encodeFloats(Float32Array.from(given), dtype), dtype);
  expect([...rounded]).toEqual([...due]);
});

test("a file's widths and names are written back", async () => {
  const file = async (): Promise<Blob> => {
    const pieces: Uint8Array[] = [];
    await writeSafetensors(
      [
        {
          name: "model.a",
          shape: [2],
          dtype: "BF16",
          bytes: () => Promise.resolve(encodeFloats(Float32Array.of(1.5, -2), "BF16")),
        },
        {
          name: "b.gamma",
          shape: [3],
          dtype: "F16",
          bytes: () => Promise.resolve(encodeFloats(Float32Array.of(0.5, 3, -1), "F16")),
        },
        { name: "c", shape: [], dtype: "F32", bytes: () => Promise.resolve(encodeFloats(Float32Array.of(0.1), "F32")) },
      ],
      {
        name: "memory",
        write: (bytes) => Promise.resolve(void pieces.push(bytes.slice())),
        finish: () => Promise.resolve(),
        abandon: () => Promise.resolve(),
      },
    );
    return new Blob(pieces.map((piece) => new Uint8Array(piece)));
  };
  const parameters = {
    a: param("f32[2]", [2], zeros, "a"),
    b: param("f32[3]", [3], zeros, { name: ["b.weight", "b.gamma"] }),
    c: param("f32[]", [], zeros, "c"),
  };
  const source = await file();
  const weights = await loadWeights(parameters, source, { prefixes: ["model."] });
  const pieces: Uint8Array[] = [];
  await saveWeights(parameters, weights, (bytes) => void pieces.push(bytes.slice()));
  const saved = new Blob(pieces.map((piece) => new Uint8Array(piece)));
  expect(await readSafetensors(saved)).toEqual(await readSafetensors(source));
  const trained = { ...weights, a: tf.tidy(() => tf.keep(tf.add(weights.a, 1))) };
  const after: Uint8Array[] = [];
  await saveWeights(parameters, trained, (bytes) => void after.push(bytes.slice()));
  const written = await readSafetensors(new Blob(after.map((piece) => new Uint8Array(piece))));
  expect([...written].map(([name, { dtype }]) => [name, dtype])).toEqual([
    ["a", "F32"],
    ["b.gamma", "F16"],
    ["c", "F32"],
  ]);
  trained.a.dispose();
  disposeWeights(parameters, weights);
});
