import type { ByteSink } from "../../platform/platform.js";
import { product } from "../layout.js";
import { bytesOf, type Dtype } from "./dtype.js";

/** One tensor to write; its bytes are asked for when its turn comes. */
export interface Outgoing {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly bytes: () => Promise<Uint8Array>;
}

/** Writes a safetensors file. The sink is finished, or abandoned if anything fails. */
export async function writeSafetensors(
  tensors: readonly Outgoing[],
  sink: ByteSink,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): Promise<void> {
  try {
    await sink.write(headerOf(tensors, metadata));
    for (const { name, shape, dtype, bytes } of tensors) {
      const written = await bytes();
      if (written.length !== bytesOf[dtype] * product(shape))
        throw new Error(`${name}: ${written.length} bytes for ${dtype} [${shape.join(", ")}]`);
      await sink.write(written);
    }
    await sink.finish();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

function headerOf(tensors: readonly Outgoing[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let at = 0;
  for (const { name, shape, dtype } of tensors) {
    const end = at + bytesOf[dtype] * product(shape);
    header[name] = { dtype, shape, data_offsets: [at, end] };
    at = end;
  }
  // Spaces bring the numbers to a multiple of 8 bytes.
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}
