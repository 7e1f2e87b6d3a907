import * as tf from "@tensorflow/tfjs-core";
import { addressOf } from "../wasm/backend.js";
import { defineWasmKernel } from "../wasm/define.js";

function define(kernelName: string, name: "geluTanh" | "silu"): (x: tf.Tensor) => tf.Tensor {
  const activation = defineWasmKernel(kernelName, ["x"], ({ kernels, backend, inputs: { x } }) => {
    const y = backend.makeOutput(x.shape, "float32");
    kernels[name](addressOf(backend, x), addressOf(backend, y), tf.util.sizeFromShape(x.shape));
    return y;
  });
  return (x) => activation({ x });
}

export const wasmGeluTanh = define("TfmcGeluTanh", "geluTanh");
export const wasmSilu = define("TfmcSilu", "silu");
