/** The header of a safetensors file, checked: 8 bytes of length, JSON, then the tensors' bytes. */
import type { Bytes } from "../../platform/platform.js";
import { bytesOf, dtypes, isDtype, type Dtype } from "./dtype.js";

export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes of the file. */
  readonly from: number;
  readonly to: number;
}

const lengthBytes = 8;
/** What the format's own library accepts. */
const longestHeader = 100_000_000;

/** The tensors of a file, in the order of their bytes. @throws Error that names the file if anything in it is wrong. */
export async function readHeader(file: Bytes): Promise<TensorEntry[]> {
  const fail = (message: string): never => {
    throw new Error(`${file.name}: ${message}`);
  };
  if (file.size < lengthBytes) return fail(`${file.size} bytes are too few for a safetensors file`);
  const start = await file.read(0, lengthBytes);
  const announced = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (announced > BigInt(file.size - lengthBytes)) {
    return fail(`no safetensors file, or truncated: a header of ${announced} bytes, in a file of ${file.size}`);
  }
  const length = Number(announced);
  if (length > longestHeader) return fail(`a header of ${length} bytes is over the format's limit of ${longestHeader}`);
  const header = parseJson(await file.read(lengthBytes, lengthBytes + length));
  if (!isRecord(header)) return fail("no safetensors file: its header is no JSON object");

  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => entryOf(name, value, lengthBytes + length, fail))
    .sort((left, right) => left.from - right.from || left.to - right.to);
  let end = lengthBytes + length;
  for (const { name, from, to } of entries) {
    if (to > file.size) fail(`truncated: "${name}" ends at byte ${to}, the file at ${file.size}`);
    if (from < end) fail(`the bytes of "${name}" overlap another tensor's`);
    end = to;
  }
  return entries;
}

function entryOf(name: string, value: unknown, begin: number, fail: (message: string) => never): TensorEntry {
  if (!isRecord(value)) return fail(`"${name}" is described by no object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype)) return fail(`"${name}" has dtype ${String(dtype)}; known are ${dtypes.join(", ")}`);
  if (!isSizes(shape)) return fail(`"${name}" has a shape that is no list of sizes`);
  if (!isSizes(offsets) || offsets.length !== 2) return fail(`"${name}" has no two offsets`);
  const [from = 0, to = 0] = offsets;
  const due = shape.reduce((size, axis) => size * axis, bytesOf[dtype]);
  if (to - from !== due) fail(`"${name}", ${dtype} [${shape.join(", ")}], is ${due} bytes, but has ${to - from}`);
  return { name, dtype, shape, from: begin + from, to: begin + to };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined; // The caller's check reports whatever is no object.
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
