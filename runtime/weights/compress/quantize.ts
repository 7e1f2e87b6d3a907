/**
 * Weights in 8 or 4 bits: codes, and a scale for each run of them along one axis. Symmetric, so that 0 stays 0, and rounded to
 * the nearest, halves to even: `code = round(w / scale)` and `w = code scale`, with `scale = max |w| / 127` (7 for 4 bits).
 */
import type { Quantization } from "./compression.js";
import { runsAlong } from "./sets.js";

export interface Quantized {
  readonly codes: Int8Array;
  /** One for each run, in the order of `runsAlong`. */
  readonly scales: Float32Array;
}

type Along = Quantization & { readonly sizes: readonly number[] };

/** `known`: scales to round to, those of the file that the weights came from. */
export function quantize(values: Float32Array, along: Along, known?: Float32Array): Quantized {
  const most = along.bits === 8 ? 127 : 7;
  const runs = runsAlong(along.sizes, along.axis, along.group);
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(runs.length);
  for (const [n, { start, stride, count }] of runs.entries()) {
    let largest = 0;
    for (let k = 0; k < count; k++) largest = Math.max(largest, Math.abs(values[start + k * stride] ?? 0));
    // Numbers so small that a scale would have lost digits are 0.
    const scale = known?.[n] ?? (largest / most >= smallestNormal ? Math.fround(largest / most) : 1);
    scales[n] = scale;
    for (let k = 0; k < count; k++) {
      const at = start + k * stride;
      const code = roundToEven(Math.fround((values[at] ?? 0) / scale));
      codes[at] = Math.min(Math.max(code, -most - 1), most);
    }
  }
  return { codes, scales };
}

export function dequantize({ codes, scales }: Quantized, along: Along): Float32Array {
  const values = new Float32Array(codes.length);
  for (const [n, { start, stride, count }] of runsAlong(along.sizes, along.axis, along.group).entries()) {
    const scale = scales[n] ?? 1;
    for (let k = 0; k < count; k++) values[start + k * stride] = (codes[start + k * stride] ?? 0) * scale;
  }
  return values;
}

const smallestNormal = 2 ** -126;

function roundToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Codes of 4 bits, two to a byte: of neighbours along the axis the first is in the lower half. */
export function pack(codes: Int8Array, { sizes, axis }: Along): Uint8Array {
  const bytes = new Uint8Array(codes.length / 2);
  for (const [n, { start, stride }] of runsAlong(sizes, axis, 2).entries())
    bytes[n] = ((codes[start] ?? 0) & 15) | (((codes[start + stride] ?? 0) & 15) << 4);
  return bytes;
}

export function unpack(bytes: Uint8Array, { sizes, axis }: Along): Int8Array {
  const codes = new Int8Array(2 * bytes.length);
  for (const [n, { start, stride }] of runsAlong(sizes, axis, 2).entries()) {
    const byte = bytes[n] ?? 0;
    // Shifted to the top and back, the sign comes along.
    codes[start] = (byte << 28) >> 28;
    codes[start + stride] = (byte << 24) >> 28;
  }
  return codes;
}
