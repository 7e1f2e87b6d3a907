import type * as tf from "@tensorflow/tfjs-core";
import { wasmKernelsApply } from "../wasm/kernels.js";
import { referenceLinear, referenceLinearTransposed } from "./reference.js";
import { wasmLinear, wasmLinearTransposed } from "./wasm.js";

/** x [.., d] times weight [d, out], plus bias [out]: [.., out]. */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return (wasmKernelsApply() ? wasmLinear : referenceLinear)(x, weight, bias);
}

/**
 * x [.., d] times the transpose of weight [out, d], plus bias [out]: [.., out]. For a weight that is stored the other
 * way round, such as an embedding that is also the head; no transposed copy of it is made.
 */
export function linearTransposed(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return (wasmKernelsApply() ? wasmLinearTransposed : referenceLinearTransposed)(x, weight, bias);
}
