import type * as tf from "@tensorflow/tfjs-core";
import { wasmKernelsApply } from "../wasm/kernels.js";
import { referenceAppend } from "./reference.js";
import type { Rows } from "./rows.js";
import { wasmAppend } from "./wasm.js";

/**
 * The rows without the first `dropped`, and after them those of `fresh` [...B, n, c]; in place where the backend can. If the
 * tensor is another one than before, the caller owns it, and may free the earlier one.
 */
export function append(rows: Rows, fresh: tf.Tensor, dropped: number): Rows {
  return (wasmKernelsApply() ? wasmAppend : referenceAppend)(rows, fresh, dropped);
}
