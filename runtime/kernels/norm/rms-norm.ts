import type * as tf from "@tensorflow/tfjs-core";
import { wasmKernelsApply } from "../wasm/kernels.js";
import { referenceRmsNorm } from "./reference.js";
import { wasmRmsNorm } from "./wasm.js";

/** x / sqrt(mean(x²) + epsilon) * gain over the last axis: x [.., d], gain [d]. Zhang and Sennrich, arXiv:1910.07467. */
export function rmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return (wasmKernelsApply() ? wasmRmsNorm : referenceRmsNorm)(x, gain, epsilon);
}
