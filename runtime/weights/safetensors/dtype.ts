/** The element types of safetensors, and their numbers as tfjs has them: float32, or int32. */
export const dtypes = ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"] as const;
export type Dtype = (typeof dtypes)[number];

export const bytesOf: Readonly<Record<Dtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

export function isDtype(name: unknown): name is Dtype {
  return dtypes.some((known) => known === name);
}

export function isFloat(dtype: Dtype): boolean {
  return dtype === "F64" || dtype === "F32" || dtype === "F16" || dtype === "BF16";
}

/**
 * Little-endian bytes as numbers. F16 and BF16 become float32 exactly, F64 is rounded.
 *
 * @throws Error if an I64 does not fit 32 bits.
 */
export function decodeNumbers(bytes: Uint8Array, dtype: Dtype): Float32Array | Int32Array {
  const count = bytes.length / bytesOf[dtype];
  const { buffer, byteOffset: at } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer, at, count);
    case "F64":
      return Float32Array.from(new Float64Array(buffer, at, count));
    case "F16":
      return fromHalves(new Uint16Array(buffer, at, count));
    case "BF16":
      return fromBrainFloats(new Uint16Array(buffer, at, count));
    case "I64":
      return fromLongs(new BigInt64Array(buffer, at, count));
    case "I32":
      return new Int32Array(buffer, at, count);
    case "I16":
      return Int32Array.from(new Int16Array(buffer, at, count));
    case "I8":
      return Int32Array.from(new Int8Array(buffer, at, count));
    case "U8":
    case "BOOL":
      return Int32Array.from(new Uint8Array(buffer, at, count));
  }
}

/** A bfloat16 is the upper half of a float32. */
function fromBrainFloats(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let n = 0; n < halves.length; n++) bits[n] = (halves[n] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

function fromHalves(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let n = 0; n < halves.length; n++) values[n] = halfToNumber(halves[n] ?? 0);
  return values;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function fromLongs(longs: BigInt64Array): Int32Array {
  return Int32Array.from(longs, (long) => {
    if (BigInt.asIntN(32, long) !== long) throw new Error(`${long} does not fit a 32-bit integer`);
    return Number(long);
  });
}
