/** Rows that grow in place, in the memory of WebAssembly. */
import * as tf from "@tensorflow/tfjs-core";
import { addressOf } from "../wasm/backend.js";
import { wasmKernels } from "../wasm/kernels.js";
import { rowsOf, type Rows } from "./rows.js";

/**
 * The rows without the first `dropped`, and after them those of `fresh` [...B, n, c]. Where there is no room left they move
 * to a tensor with room for twice as many, which the caller owns. Rows that were there before are never written over: only
 * a tensor that was made here has room.
 */
export function wasmAppend(rows: Rows, fresh: tf.Tensor, dropped: number): Rows {
  const kept: Rows = { ...rows, start: rows.start + dropped, count: rows.count - dropped };
  const added = rowsOf(fresh);
  const count = kept.count + added.count;
  if (kept.start + count <= capacityOf(kept)) {
    copy(added, kept.tensor, kept.start + kept.count);
    return { ...kept, count };
  }
  const shape = fresh.shape.map((size, axis) => (axis === fresh.rank - 2 ? 2 * count : size));
  const tensor = tf.keep(tf.engine().makeTensorFromTensorInfo(wasmKernels().backend.makeOutput(shape, "float32")));
  copy(kept, tensor, 0);
  copy(added, tensor, kept.count);
  return { tensor, start: 0, count };
}

/** Writes rows to those of `to` from row `at` on. */
function copy(rows: Rows, to: tf.Tensor, at: number): void {
  const { kernels, backend } = wasmKernels();
  const width = 4 * (to.shape.at(-1) ?? 1);
  const [fromStride, toStride] = [width * capacityOf(rows), width * capacityOf(rowsOf(to))];
  const source = addressOf(backend, rows.tensor) + width * rows.start;
  const target = addressOf(backend, to) + width * at;
  const blocks = tf.util.sizeFromShape(to.shape.slice(0, -2));
  kernels.copyBlocks(source, fromStride, target, toStride, blocks, width * rows.count);
}

function capacityOf({ tensor }: Rows): number {
  return tensor.shape.at(-2) ?? 0;
}
