/** Builds safetensors files, right and wrong ones, byte by byte. */
export interface Entry {
  readonly dtype?: string;
  readonly shape: readonly number[];
  readonly numbers: readonly number[];
  /** Instead of the right ones. */
  readonly offsets?: readonly [number, number];
}

/** A file of F32 tensors (I64 where `dtype` says so). */
export function safetensors(entries: Readonly<Record<string, Entry>>): Uint8Array {
  const header: Record<string, object> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, { dtype = "F32", shape, numbers, offsets }] of Object.entries(entries)) {
    const array = dtype === "I64" ? BigInt64Array.from(numbers, BigInt) : Float32Array.from(numbers);
    const bytes = Buffer.from(array.buffer);
    header[name] = { dtype, shape, data_offsets: offsets ?? [at, at + bytes.length] };
    parts.push(bytes);
    at += bytes.length;
  }
  return withHeader(JSON.stringify(header), Buffer.concat(parts));
}

/** A file whose header says that it is `length` bytes long; its true length if not given. */
export function withHeader(header: string, data: Uint8Array, length = BigInt(Buffer.byteLength(header))): Uint8Array {
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length);
  return Buffer.concat([start, Buffer.from(header), data]);
}
