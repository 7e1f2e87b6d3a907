import { read } from "../faults.js";
import { mend } from "./carve.js";
import { encode } from "./compress/compress.js";
import type { Quantization } from "./compress/compression.js";
import { codeShape, scaleName, scaleShape } from "./compress/stored.js";
import { carriedBy, originOf } from "./origin.js";
import { leavesOf, tensorAt, type Leaf, type Parameters, type Weights } from "./parameters.js";
import { encodeFloats } from "./safetensors/encode.js";
import { writeSafetensors, type Outgoing } from "./safetensors/write.js";
import { openSink, type Sink } from "./sink.js";
import { layoutOf, partShape, product, type Layout } from "./layout.js";

interface Part {
  readonly leaf: Leaf;
  readonly layout: Layout;
}

/**
 * Writes a safetensors file as `loadWeights` reads it: the inverse of every rule. What was loaded goes back under the name and
 * in the width that it came in; what is new is float32, and has the first of the names that loading looks for.
 *
 * @throws Error if the weights do not make up a tensor of the file, or if writing fails; an earlier file is then as it was.
 */
export async function saveWeights<P>(parameters: P & Parameters, weights: Weights<P>, sink: Sink): Promise<void> {
  const groups = new Map<string, Part[]>();
  for (const leaf of leavesOf(parameters)) {
    const layout = layoutOf(leaf);
    const name = originOf(tensorAt(weights, leaf))?.name ?? layout.names[0] ?? leaf.address;
    groups.set(name, [...(groups.get(name) ?? []), { leaf, layout }]);
  }
  const outgoing = [...groups].flatMap(([name, parts]) => join(name, parts, weights));
  const carried = carriedBy(weights).map((tensor) => ({ ...tensor, bytes: () => Promise.resolve(tensor.bytes) }));
  await writeSafetensors([...outgoing, ...carried], await openSink(sink));
}

function join(name: string, parts: readonly Part[], weights: unknown): Outgoing[] {
  const [first] = parts;
  if (!first) throw new Error(`${name}: has no parts`);
  const { shape } = first.layout;
  const covered = parts.reduce((sum, { layout }) => sum + product(partShape(layout)), 0);
  if (covered !== product(shape) || parts.some(({ layout }) => String(layout.shape) !== String(shape))) {
    const pieces = parts.map(({ leaf }) => leaf.address).join(", ");
    throw new Error(`${name} [${shape.join(", ")}] cannot be saved: ${pieces} do not make it up`);
  }
  const numbers = async (): Promise<Float32Array> => {
    const whole = new Float32Array(product(shape));
    for (const { leaf, layout } of parts) {
      const numbers = await read(tensorAt(weights, leaf));
      if (!(numbers instanceof Float32Array)) throw new Error(`${leaf.address}: is no tensor of floats`);
      mend(whole, numbers, layout);
    }
    return whole;
  };
  const quantization = first.leaf.param.compression?.quantize;
  if (quantization)
    return quantized(name, first, quantization, numbers, originOf(tensorAt(weights, first.leaf))?.scales);
  // Parts that differ would lose by a narrow width.
  const widths = new Set(parts.map(({ leaf }) => originOf(tensorAt(weights, leaf))?.dtype ?? "F32"));
  const [only = "F32", other] = widths;
  const dtype = other ? "F32" : only;
  return [{ name, shape, dtype, bytes: async () => encodeFloats(await numbers(), dtype) }];
}

function quantized(
  name: string,
  { layout }: Part,
  quantization: Quantization,
  numbers: () => Promise<Float32Array>,
  known: Float32Array | undefined,
): Outgoing[] {
  // Codes come first, and scales fall off.
  let scales: Float32Array = new Float32Array(0);
  return [
    {
      name,
      shape: codeShape(quantization, layout),
      dtype: quantization.bits === 8 ? "I8" : "U8",
      bytes: async () => {
        const encoded = encode(await numbers(), quantization, layout, known);
        scales = encoded.scales;
        return encoded.bytes;
      },
    },
    {
      name: scaleName(name),
      shape: scaleShape(quantization, layout),
      dtype: "F32",
      bytes: () => Promise.resolve(encodeFloats(scales, "F32")),
    },
  ];
}
