import type * as tf from "@tensorflow/tfjs-core";
import { wasmKernelsApply } from "../wasm/kernels.js";
import { referenceLayerNorm } from "./reference.js";
import { wasmLayerNorm } from "./wasm.js";

/** (x - mean) / sqrt(variance + epsilon) * gain + bias over the last axis: x [.., d], gain and bias [d]. Ba et al., arXiv:1607.06450. */
export function layerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  return (wasmKernelsApply() ? wasmLayerNorm : referenceLayerNorm)(x, gain, bias, epsilon);
}
