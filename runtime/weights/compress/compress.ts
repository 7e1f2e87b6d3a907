/** Weights with less in them than the checkpoint has: pruned, then quantised. */
import type { Layout } from "../layout.js";
import type { Compression, Quantization } from "./compression.js";
import { prune } from "./prune.js";
import { dequantize, pack, quantize, unpack, type Quantized } from "./quantize.js";

/** The numbers of a file's tensor as the model computes with them, and the scales where there are any. */
export function compress(
  numbers: Float32Array,
  { prune: pruning, quantize: quantization }: Compression,
  layout: Layout,
): { readonly numbers: Float32Array; readonly scales?: Float32Array } {
  const left = pruning ? prune(numbers, layout.split, pruning) : numbers;
  if (!quantization) return { numbers: left };
  const along = { ...quantization, sizes: layout.split };
  const quantized = quantize(left, along);
  return { numbers: dequantize(quantized, along), scales: quantized.scales };
}

/** The numbers that codes in a file stand for. */
export function expand(
  bytes: Uint8Array,
  scales: Float32Array,
  quantization: Quantization,
  layout: Layout,
): Float32Array {
  const along = { ...quantization, sizes: layout.split };
  const codes =
    quantization.bits === 4 ? unpack(bytes, along) : new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return dequantize({ codes, scales }, along);
}

/** The codes of a file's tensor, as bytes; `known`: the scales that its numbers were rounded to. */
export function encode(
  numbers: Float32Array,
  quantization: Quantization,
  layout: Layout,
  known: Float32Array | undefined,
): Quantized & { readonly bytes: Uint8Array } {
  const along = { ...quantization, sizes: layout.split };
  const quantized = quantize(numbers, along, known);
  const { buffer, byteOffset, length } = quantized.codes;
  return {
    ...quantized,
    bytes: quantization.bits === 4 ? pack(quantized.codes, along) : new Uint8Array(buffer, byteOffset, length),
  };
}
