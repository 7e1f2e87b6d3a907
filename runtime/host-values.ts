import type * as tf from "@tensorflow/tfjs-core";
import { webgpuBackend } from "./webgpu-backend.js";

/** A tensor's numbers if they can be had without waiting; undefined if they lie on the GPU alone. */
export function valuesOnHost(tensor: tf.Tensor): ArrayLike<number> | undefined {
  const backend = webgpuBackend();
  if (backend && !backend.tensorMap.get(tensor.dataId)?.values) return undefined;
  return tensor.dataSync();
}
