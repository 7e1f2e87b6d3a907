/** Whether a model's weights fit what computes, asked before anything is allocated. */
import * as tf from "@tensorflow/tfjs-core";
import { wasmMemoryLimit } from "./wasm-memory.js";
import { webgpuBackend } from "./webgpu-backend.js";

export interface Demand {
  readonly name: string;
  readonly bytes: number;
}

/** @throws Error if the tensors together, or one of them, exceed what the backend can hold. */
export function checkFits(demands: readonly Demand[]): void {
  const total = demands.reduce((sum, { bytes }) => sum + bytes, 0);
  if (tf.getBackend() === "wasm" && total > wasmMemoryLimit) {
    throw new Error(`wasm: the weights are ${size(total)}, more than its 4 GiB; use --backend webgpu or cpu`);
  }
  const limits = webgpuBackend()?.device.limits;
  if (!limits) return;
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const over = demands.find(({ bytes }) => bytes > largest);
  if (over) {
    throw new Error(
      `webgpu: ${over.name} is ${size(over.bytes)}; this adapter holds ${size(largest)} a tensor; use --backend cpu`,
    );
  }
}

function size(bytes: number): string {
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
