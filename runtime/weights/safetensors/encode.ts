/** Floats as a file stores them, little-endian; `decodeNumbers` reads them back. */
export type StoredFloat = "F32" | "F16" | "BF16";

/** What does not fit a width of 16 bits is rounded to the nearest number that does, of two to the even one. */
export function encodeFloats(values: Float32Array, dtype: StoredFloat): Uint8Array {
  if (dtype === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const toBits = dtype === "BF16" ? brainFloat : half;
  return new Uint8Array(Uint16Array.from(bits, toBits).buffer);
}

/** The upper half of a float32. */
function brainFloat(bits: number): number {
  const isNaN = (bits & 0x7fffffff) > 0x7f800000;
  return isNaN ? (bits >>> 16) | 0x40 : shiftRounded(bits, 16);
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // From halfway past the largest on.
  if (magnitude >= 0x38800000) return sign | shiftRounded(magnitude - 0x38000000, 13);
  // Too small for an exponent of its own: so many times 2^-24.
  const exponent = magnitude >>> 23;
  const places = 126 - exponent;
  return places > 24 ? sign : sign | shiftRounded((magnitude & 0x7fffff) | 0x800000, places);
}

/** `bits / 2^places`, rounded to the nearest, halves to even. */
function shiftRounded(bits: number, places: number): number {
  const kept = Math.floor(bits / 2 ** places);
  const rest = bits - kept * 2 ** places;
  const middle = 2 ** (places - 1);
  return kept + (rest > middle || (rest === middle && kept % 2 === 1) ? 1 : 0);
}
