import type * as tf from "@tensorflow/tfjs-core";
import { wasmKernelsApply } from "../wasm/kernels.js";
import { referenceSilu } from "./reference.js";
import { wasmSilu } from "./wasm.js";

/** x σ(x), also called swish. Elfwing et al., arXiv:1702.03118. */
export function silu(x: tf.Tensor): tf.Tensor {
  return (wasmKernelsApply() ? wasmSilu : referenceSilu)(x);
}
