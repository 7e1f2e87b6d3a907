import type { Bytes } from "../../platform/platform.js";
import { decodeNumbers, type Dtype } from "./dtype.js";
import { readHeader, type TensorEntry } from "./header.js";
import { closeAll, openCheckpoint, type Source } from "./open.js";

export interface StoredTensor {
  /** As the file has it. */
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Row-major. Floats of any width are float32, integers and booleans int32. */
  readonly data: Float32Array | Int32Array;
}

/** Every tensor of a checkpoint or a file of examples, by name. @throws Error that names the file if it is not whole. */
export async function readSafetensors(source: Source): Promise<Map<string, StoredTensor>> {
  const files = await openCheckpoint(source);
  const tensors = new Map<string, StoredTensor>();
  try {
    for (const file of files) {
      for (const entry of await readHeader(file)) {
        if (tensors.has(entry.name)) throw new Error(`${file.name}: "${entry.name}" is in another file too`);
        const data = await readEntry(file, entry);
        tensors.set(entry.name, { dtype: entry.dtype, shape: entry.shape, data });
      }
    }
  } finally {
    await closeAll(files);
  }
  return tensors;
}

/** One tensor's numbers. */
export async function readEntry(file: Bytes, entry: TensorEntry): Promise<Float32Array | Int32Array> {
  const bytes = await file.read(entry.from, entry.to);
  try {
    return decodeNumbers(bytes, entry.dtype);
  } catch (error) {
    throw new Error(`${file.name}: "${entry.name}": ${error instanceof Error ? error.message : String(error)}`);
  }
}
