import { mkdtemp, readFile, rm, writeFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  constant,
  disposeWeights,
  initialiseWeights,
  loadWeights,
  normal,
  ones,
  param,
  read,
  readSafetensors,
  repeat,
  saveWeights,
  uniform,
  useBackend,
  zeros,
  type StoredRule,
} from "tfmc/runtime";
import { onEveryBackend } from "./on-every-backend.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weights-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Plain {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const floats = (shape: readonly number[], values: readonly number[]): Plain => ({
  dtype: "F32",
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

const counting = (shape: readonly number[], from = 0): Plain =>
  floats(
    shape,
    Array.from({ length: shape.reduce((size, axis) => size * axis, 1) }, (_, at) => from + at),
  );

/** A safetensors file, by the format's description. */
function encode(
  tensors: Readonly<Record<string, Plain>>,
  change: (header: string) => string = (text) => text,
): Uint8Array {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
      const from = at;
      at += bytes.length;
      return [name, { dtype, shape, data_offsets: [from, at] }];
    }),
  );
  const text = new TextEncoder().encode(change(JSON.stringify(header)));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return Buffer.concat([length, text, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

async function put(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const parameters = {
  wte: { weight: param("f32[vocab, d]", [3, 2], normal(0.02), "wte.weight") },
  h: repeat(2, "i", {
    q: param("f32[d, d]", [2, 2], normal(0.02), { name: "h.{i}.c_attn.weight", axis: 1, from: 0, to: 2, of: 4 }),
    k: param("f32[d, d]", [2, 2], normal(0.02), { name: "h.{i}.c_attn.weight", axis: 1, from: 2, to: 4, of: 4 }),
    o: param("f32[d, out]", [2, 3], normal(0.02), { name: "h.{i}.o.weight", order: [1, 0] }),
    bias: param("f32[d]", [2], zeros),
  }),
};

const file = {
  "transformer.wte.weight": counting([3, 2]),
  "h.0.c_attn.weight": counting([2, 4]),
  "h.0.o.weight": counting([3, 2], 10),
  "h.0.bias": counting([2], 100),
  "h.1.c_attn.weight": counting([2, 4], 50),
  "h.1.o.weight": counting([3, 2]),
  "transformer.h.1.bias": counting([2], 200),
  "transformer.h.1.attn.mask": counting([1]),
};
const options = { prefixes: ["transformer."], ignore: ["h.{i}.*.mask"] };

onEveryBackend("loadWeights", () => {
  it("reads names, slices and orders", async () => {
    const weights = await loadWeights(parameters, await put("whole.safetensors", encode(file)), options);
    const [first, second] = weights.h;
    expect(Array.from(await read(weights.wte.weight))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(first?.q.shape).toEqual([2, 2]);
    expect(Array.from(await read(first?.q ?? tf.scalar(0)))).toEqual([0, 1, 4, 5]);
    expect(Array.from(await read(first?.k ?? tf.scalar(0)))).toEqual([2, 3, 6, 7]);
    expect(Array.from(await read(first?.o ?? tf.scalar(0)))).toEqual([10, 12, 14, 11, 13, 15]);
    expect(Array.from(await read(second?.k ?? tf.scalar(0)))).toEqual([52, 53, 56, 57]);
    expect(Array.from(await read(second?.bias ?? tf.scalar(0)))).toEqual([200, 201]);
    disposeWeights(parameters, weights);
  });

  it("cuts in pieces, and puts them back", async () => {
    // Two heads, each with a query of 2 and a key of 1 channels, for 3 inputs; queries are kept input axis first.
    const stacked = { split: [2, 3, 3], shape: [6, 3], axis: 1, of: 3, name: "qk" };
    const tree = {
      q: param("f32[d, out]", [3, 4], zeros, { ...stacked, from: 0, to: 2, order: [2, 0, 1] }),
      k: param("f32[out, d]", [2, 3], zeros, { ...stacked, from: 2, to: 3 }),
    };
    const file = encode({ qk: counting([6, 3]) });
    const weights = await loadWeights(tree, new Blob([new Uint8Array(file)]));
    expect([...(await read(weights.q))]).toEqual([0, 3, 9, 12, 1, 4, 10, 13, 2, 5, 11, 14]);
    expect([...(await read(weights.k))]).toEqual([6, 7, 8, 15, 16, 17]);
    const saved: Uint8Array[] = [];
    await saveWeights(tree, weights, (bytes) => void saved.push(bytes.slice()));
    const again = await readSafetensors(new Blob(saved.map((bytes) => new Uint8Array(bytes))));
    expect([...(again.get("qk")?.data ?? [])]).toEqual(Array.from({ length: 18 }, (_, at) => at));
    disposeWeights(tree, weights);
  });
  it("saves what it loads", async () => {
    const weights = initialiseWeights(parameters, 7);
    const path = join(folder, "saved.safetensors");
    await saveWeights(parameters, weights, path);
    const again = await loadWeights(parameters, path, options);
    expect(await read(again.wte.weight)).toEqual(await read(weights.wte.weight));
    expect(await read(again.h[1]?.k ?? tf.scalar(0))).toEqual(await read(weights.h[1]?.k ?? tf.scalar(0)));
    expect(await read(again.h[1]?.o ?? tf.scalar(0))).toEqual(await read(weights.h[1]?.o ?? tf.scalar(0)));
    disposeWeights(parameters, weights);
    disposeWeights(parameters, again);
  });

  it("initialises by the seed", async () => {
    const [one, same, other] = [1, 1, 2].map((seed) => initialiseWeights(parameters, seed));
    if (!one || !same || !other) throw new Error("three");
    const values = await read(one.h[0]?.q ?? tf.scalar(0));
    expect(values).toEqual(await read(same.h[0]?.q ?? tf.scalar(0)));
    expect(values).not.toEqual(await read(other.h[0]?.q ?? tf.scalar(0)));
    expect(values).not.toEqual(await read(one.h[1]?.q ?? tf.scalar(0)));
    expect(Array.from(values).map((value) => value.toFixed(6))).toMatchInlineSnapshot(`
      [
        "-0.036864",
        "0.008763",
        "-0.031147",
        "0.030405",
      ]
    `);
    for (const weights of [one, same, other]) disposeWeights(parameters, weights);
  });

  it("leaves nothing behind when numbers turn out wrong", async () => {
    const long = { dtype: "I64", shape: [1], bytes: new Uint8Array(BigInt64Array.from([2n ** 40n]).buffer) };
    const path = await put("long.safetensors", encode({ a: counting([2]), b: long }));
    const before = tf.memory().numTensors;
    await expect(readSafetensors(path)).rejects.toThrow(`${path}: "b": 1099511627776 does not fit a 32-bit integer`);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("initialisers", () => {
  it("have the distribution that they say", async () => {
    await useBackend("cpu");
    const many = {
      normal: param("f32[n]", [40_000], normal(2)),
      uniform: param("f32[n]", [40_000], uniform(-1, 3)),
      constant: param("f32[n]", [4], constant(0.5)),
      ones: param("f32[n]", [4], ones),
    };
    const weights = initialiseWeights(many, 3);
    const moments = (values: ArrayLike<number>): [number, number] => {
      const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
      return [mean, Math.sqrt(Array.from(values).reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
    };
    const [mean, deviation] = moments(weights.normal.dataSync());
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.05);
    const [middle, spread] = moments(weights.uniform.dataSync());
    expect(Math.abs(middle - 1)).toBeLessThan(0.05);
    expect(Math.abs(spread - 4 / Math.sqrt(12))).toBeLessThan(0.05);
    expect([...weights.constant.dataSync(), ...weights.ones.dataSync()]).toEqual([0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1]);
    disposeWeights(many, weights);
  });
});

describe("what is wrong with a checkpoint", () => {
  const refuse = async (bytes: Uint8Array, message: string | RegExp): Promise<void> => {
    await useBackend("cpu");
    const before = tf.memory().numTensors;
    const path = await put("wrong.safetensors", bytes);
    const attempt = loadWeights(parameters, path, options);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow("wrong.safetensors");
    expect(tf.memory().numTensors).toBe(before);
  };
  const without = (name: keyof typeof file): Record<string, Plain> =>
    Object.fromEntries(Object.entries(file).filter(([key]) => key !== name));

  it("a tensor is missing", () => refuse(encode(without("h.1.o.weight")), "h.1.o is missing: "));
  it("and how the file spells it", () => refuse(encode(without("h.1.o.weight")), 'it has "h.0.o.weight"'));
  it("a tensor is left over", () =>
    refuse(
      encode({ ...file, "lm_head.weight": counting([3, 2]) }),
      '"lm_head.weight" [3, 2] is no weight of this model',
    ));
  it("a shape differs", () =>
    refuse(
      encode({ ...file, "h.0.c_attn.weight": counting([4, 2]) }),
      '"h.0.c_attn.weight" is [4, 2]; [2, 4] is due for h.0.q, f32[d, d]',
    ));
  it("integers stand for floats", () =>
    refuse(encode({ ...file, "h.0.bias": { dtype: "I32", shape: [2], bytes: new Uint8Array(8) } }), "is I32"));
  it("several things at once", () => refuse(encode(without("h.1.o.weight")).slice(), /h\.1\.o is missing/));

  const header = (text: string, size = 100): Uint8Array => {
    const bytes = new Uint8Array(8 + text.length + size);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(new TextEncoder().encode(text), 8);
    return bytes;
  };
  const length = (size: bigint): Uint8Array => {
    const bytes = new Uint8Array(100);
    new DataView(bytes.buffer).setBigUint64(0, size, true);
    return bytes;
  };
  it.each<[string, Uint8Array, string]>([
    ["empty", new Uint8Array(), "0 bytes are too few"],
    ["a header of 2^60 bytes", length(2n ** 60n), "a header of 1152921504606846976 bytes, in a file of 100"],
    ["a header beyond the file", length(93n), "truncated: a header of 93 bytes"],
    ["no JSON", header("{nonsense"), "its header is no JSON object"],
    ["a list", header("[]"), "its header is no JSON object"],
    ["an entry that is no object", header('{"a": 1}'), '"a" is described by no object'],
    ["an unknown dtype", header('{"a": {"dtype": "F8", "shape": [1], "data_offsets": [0, 1]}}'), '"a" has dtype F8'],
    ["a negative size", header('{"a": {"dtype": "U8", "shape": [-1], "data_offsets": [0, 1]}}'), "no list of sizes"],
    ["no offsets", header('{"a": {"dtype": "U8", "shape": [1]}}'), '"a" has no two offsets'],
    [
      "reversed offsets",
      header('{"a": {"dtype": "U8", "shape": [1], "data_offsets": [1, 0]}}'),
      "is 1 bytes, but has -1",
    ],
    [
      "sizes that differ",
      header('{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}'),
      "is 8 bytes, but has 4",
    ],
    ["bytes beyond the file", header('{"a": {"dtype": "U8", "shape": [101], "data_offsets": [0, 101]}}'), "truncated"],
    [
      "bytes of two tensors",
      header(
        '{"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}, "b": {"dtype": "U8", "shape": [4], "data_offsets": [3, 7]}}',
      ),
      'the bytes of "b" overlap',
    ],
  ])("%s", async (_, bytes, message) => refuse(bytes, message));

  it("cut off anywhere", async () => {
    const whole = encode(file);
    for (let size = 0; size < whole.length; size += 37) await refuse(whole.slice(0, size), /truncated|too few/);
  });

  it("not there", async () => {
    await expect(loadWeights(parameters, join(folder, "nowhere"))).rejects.toThrow("nowhere: no such file");
    await expect(loadWeights(parameters, tmpdir())).rejects.toThrow("neither model.safetensors nor");
  });
});

describe("element types", () => {
  const of = async (dtype: string, values: ArrayBufferView, shape: readonly number[]): Promise<number[]> => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    // A tensor of one byte before it, so that nothing is aligned.
    const pad = { dtype: "U8", shape: [1], bytes: new Uint8Array(1) };
    const tensors = await readSafetensors(await put("types.safetensors", encode({ pad, x: { dtype, shape, bytes } })));
    const found = tensors.get("x");
    expect(found?.dtype).toBe(dtype);
    expect(found?.shape).toEqual(shape);
    return Array.from(found?.data ?? []);
  };

  it("are read as float32 and int32", async () => {
    expect(await of("F32", Float32Array.from([1.5, -2]), [2])).toEqual([1.5, -2]);
    expect(await of("F64", Float64Array.from([1.5, -2]), [2])).toEqual([1.5, -2]);
    expect(await of("I64", BigInt64Array.from([5n, -6n]), [2, 1])).toEqual([5, -6]);
    expect(await of("I32", Int32Array.from([5, -6]), [1, 2])).toEqual([5, -6]);
    expect(await of("I16", Int16Array.from([5, -6]), [2])).toEqual([5, -6]);
    expect(await of("I8", Int8Array.from([5, -6]), [2])).toEqual([5, -6]);
    expect(await of("U8", Uint8Array.from([5, 250]), [2])).toEqual([5, 250]);
    expect(await of("BOOL", Uint8Array.from([1, 0]), [2])).toEqual([1, 0]);
    expect(await of("F32", Float32Array.from([3]), [])).toEqual([3]);
    expect(await of("F32", Float32Array.from([]), [0, 4])).toEqual([]);
  });

  it("bfloat16 is half of a float32", async () => {
    expect(await of("BF16", Uint16Array.from([0x3fc0, 0xc000, 0x7f80, 0x0001]), [4])).toEqual([
      1.5,
      -2,
      Infinity,
      2 ** -133,
    ]);
  });

  it("float16, every one of them", async () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, at) => at);
    const values = await of("F16", halves, [65536]);
    expect([values[0x0001], values[0x03ff], values[0x0400], values[0x3c00], values[0x7bff]]).toEqual([
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      1,
      65504,
    ]);
    expect([values[0x7c00], values[0xfc00], values[0x7c01], values[0xc000]]).toEqual([Infinity, -Infinity, NaN, -2]);
    const positive = values.slice(0, 0x7c01);
    expect(positive.every((value, at) => at === 0 || value > (positive[at - 1] ?? 0))).toBe(true);
    expect(values.slice(0x8001, 0xfc01)).toEqual(positive.slice(1).map((value) => -value));
  });
});

describe("shards", () => {
  const [one, two] = [Object.entries(file).slice(0, 4), Object.entries(file).slice(4)];
  const index = JSON.stringify({
    weight_map: {
      ...Object.fromEntries(one.map(([name]) => [name, "1.safetensors"])),
      ...Object.fromEntries(two.map(([name]) => [name, "2.safetensors"])),
    },
  });

  it("are found by a folder, by their index, and among a browser's files", async () => {
    await useBackend("cpu");
    const list = await put("model.safetensors.index.json", index);
    const files = [encode(Object.fromEntries(one)), encode(Object.fromEntries(two))];
    await put("1.safetensors", files[0] ?? "");
    await put("2.safetensors", files[1] ?? "");
    const given = [
      new File([index], "model.safetensors.index.json"),
      ...files.map((bytes, at) => new File([new Uint8Array(bytes)], `${at + 1}.safetensors`)),
    ];
    for (const source of [folder, list, given]) {
      const weights = await loadWeights(parameters, source, options);
      expect(Array.from(await read(weights.h[1]?.bias ?? tf.scalar(0)))).toEqual([200, 201]);
      disposeWeights(parameters, weights);
    }
  });

  it.each([
    ['{"weight_map": {"a": "../1.safetensors"}}', '"../1.safetensors" is no file\'s name'],
    ['{"weight_map": {"a": "3.safetensors"}}', "names 3.safetensors, which is missing"],
    ['{"weight_map": {}}', "is empty"],
    ["[]", 'has no "weight_map"'],
    ["{", "is no JSON"],
  ])("refuses the index %s", async (text, message) => {
    await expect(loadWeights(parameters, await put("bad.index.json", text))).rejects.toThrow(message);
  });
});

describe("saving", () => {
  const rule = fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
    )
    .chain(([parts, rows, columns, depth]) =>
      fc.record({
        parts: fc.constant(parts),
        sizes: fc.constant([rows, columns, depth]),
        axis: fc.integer({ min: 0, max: 2 }),
        order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        merged: fc.boolean(),
      }),
    );

  it("inverts loading, whatever the rules", async () => {
    await useBackend("cpu");
    await fc.assert(
      fc.asyncProperty(rule, fc.integer({ min: 0, max: 1000 }), async ({ parts, sizes, axis, order, merged }, seed) => {
        // `sizes` are those of a part in the file; the file's tensor holds `parts` of them along `axis`.
        const whole = sizes.map((size, at) => (at === axis ? size * parts : size));
        const stored = (part: number): StoredRule => {
          const from = part * (sizes[axis] ?? 1);
          const cut = { name: "x", axis, from, to: from + (sizes[axis] ?? 1), of: whole[axis] ?? 1, order };
          const [first = 1, second = 1, third = 1] = whole;
          return merged ? { ...cut, split: whole, shape: [first * second, third] } : cut;
        };
        const tree = Object.fromEntries(
          Array.from({ length: parts }, (_, part) => [
            `part${part}`,
            param(
              "f32[..]",
              order.map((at) => sizes[at] ?? 1),
              normal(1),
              stored(part),
            ),
          ]),
        );
        const weights = initialiseWeights(tree, seed);
        const pieces: Uint8Array[] = [];
        await saveWeights(tree, weights, (bytes) => void pieces.push(bytes.slice()));
        const saved = new Blob(pieces.map((piece) => new Uint8Array(piece)));
        const again = await loadWeights(tree, saved);
        for (const [name, tensor] of Object.entries(weights)) {
          expect(await read(again[name] ?? tf.scalar(0))).toEqual(await read(tensor));
        }
        const [x] = (await readSafetensors(saved)).values();
        expect(x?.shape).toEqual(merged ? [(whole[0] ?? 1) * (whole[1] ?? 1), whole[2]] : whole);
        disposeWeights(tree, weights);
        disposeWeights(tree, again);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses to leave gaps", async () => {
    await useBackend("cpu");
    const gap = { q: param("f32[d]", [2], ones, { name: "x", axis: 0, from: 0, to: 2, of: 4 }) };
    const weights = initialiseWeights(gap, 0);
    await expect(saveWeights(gap, weights, () => undefined)).rejects.toThrow(
      "x [4] cannot be saved: q do not make it up",
    );
    disposeWeights(gap, weights);
  });

  it("leaves an earlier file as it was when it fails", async () => {
    await useBackend("cpu");
    const path = await put("kept.safetensors", "earlier");
    const bad = { q: param("f32[d]", [2], ones) };
    const weights = initialiseWeights(bad, 0);
    tf.dispose(weights.q);
    await expect(saveWeights(bad, weights, path)).rejects.toThrow("disposed");
    expect(await readFile(path, "utf8")).toBe("earlier");
    expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("writes to a stream", async () => {
    await useBackend("cpu");
    const pieces: Uint8Array[] = [];
    const stream = new WritableStream<Uint8Array>({ write: (bytes) => void pieces.push(bytes.slice()) });
    const weights = initialiseWeights(parameters, 1);
    await saveWeights(parameters, weights, stream);
    const names = [...(await readSafetensors(new Blob(pieces.map((piece) => new Uint8Array(piece))))).keys()];
    expect(names).toEqual([
      "wte.weight",
      "h.0.c_attn.weight",
      "h.0.o.weight",
      "h.0.bias",
      "h.1.c_attn.weight",
      "h.1.o.weight",
      "h.1.bias",
    ]);
    disposeWeights(parameters, weights);
  });
});
