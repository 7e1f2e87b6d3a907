import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

/** The WebGPU backend if it is the one in use. */
export function webgpuBackend(): WebGPUBackend | undefined {
  const backend: unknown = tf.getBackend() === "webgpu" ? tf.backend() : undefined;
  return isWebGpu(backend) ? backend : undefined;
}

function isWebGpu(backend: unknown): backend is WebGPUBackend {
  return typeof backend === "object" && backend !== null && "runWebGPUProgram" in backend;
}
