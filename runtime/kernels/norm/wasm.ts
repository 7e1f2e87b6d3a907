import type * as tf from "@tensorflow/tfjs-core";
import { addressOf } from "../wasm/backend.js";
import { defineWasmKernel } from "../wasm/define.js";

const layer = defineWasmKernel("TfmcLayerNorm", ["x", "gain", "bias"], ({ kernels, backend, inputs, numbers }) => {
  const { x, gain, bias } = inputs;
  const y = backend.makeOutput(x.shape, "float32");
  const [from, to] = [addressOf(backend, x), addressOf(backend, y)];
  const { rows = 0, d = 0, epsilon = 0 } = numbers;
  kernels.layerNorm(from, addressOf(backend, gain), addressOf(backend, bias), to, rows, d, epsilon);
  return y;
});

const rms = defineWasmKernel("TfmcRmsNorm", ["x", "gain"], ({ kernels, backend, inputs, numbers }) => {
  const { x, gain } = inputs;
  const y = backend.makeOutput(x.shape, "float32");
  const { rows = 0, d = 0, epsilon = 0 } = numbers;
  kernels.rmsNorm(addressOf(backend, x), addressOf(backend, gain), addressOf(backend, y), rows, d, epsilon);
  return y;
});

export function wasmLayerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  return layer({ x, gain, bias }, { ...rowsOf(x), epsilon });
}

export function wasmRmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return rms({ x, gain }, { ...rowsOf(x), epsilon });
}

function rowsOf(x: tf.Tensor): { rows: number; d: number } {
  const d = x.shape.at(-1) ?? 1;
  return { rows: x.size / d, d };
}
