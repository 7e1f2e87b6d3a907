import type * as tf from "@tensorflow/tfjs-core";
import { wasmKernelsApply } from "../wasm/kernels.js";
import { referenceGeluTanh } from "./reference.js";
import { wasmGeluTanh } from "./wasm.js";

/** The approximation x (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³), of `gelu`. Hendrycks and Gimpel, arXiv:1606.08415. */
export function geluTanh(x: tf.Tensor): tf.Tensor {
  return (wasmKernelsApply() ? wasmGeluTanh : referenceGeluTanh)(x);
}
