/**
 * Products with a weight on WebAssembly. XNNPACK, which tfjs uses, keeps a second copy of every weight, arranged in its own
 * way, and is slow with few rows; these read the weight as it is, and are as fast with many.
 */
import * as tf from "@tensorflow/tfjs-core";
import { addressOf } from "../wasm/backend.js";
import { defineWasmKernel } from "../wasm/define.js";

/** With so many rows, reading a weight once in its own order is worth less than keeping a strip of it at hand. */
const manyRows = 16;

/** Columns of such a strip, as `assembly/linear-many.ts` has them. */
const stripWidth = 32;

const product = defineWasmKernel("TfmcLinear", ["x", "weight"], ({ kernels, backend, inputs }) => {
  const { x, weight, bias } = inputs;
  const { rows, d, leading } = rowsOf(x);
  const out = weight.shape[1] ?? 1;
  const y = backend.makeOutput([...leading, out], "float32");
  const at = (tensor: tf.TensorInfo): number => addressOf(backend, tensor);
  const biasAt = bias ? at(bias) : 0;
  if (rows < manyRows) kernels.linear(at(x), at(weight), biasAt, at(y), rows, d, out);
  else {
    const strip = backend.makeOutput([d, stripWidth], "float32");
    kernels.linearMany(at(x), at(weight), biasAt, at(y), at(strip), rows, d, out);
    backend.disposeData(strip.dataId);
  }
  return y;
});

const transposedProduct = defineWasmKernel(
  "TfmcLinearTransposed",
  ["x", "weight"],
  ({ kernels, backend, inputs: { x, weight, bias } }) => {
    const { rows, d, leading } = rowsOf(x);
    const out = weight.shape[0] ?? 1;
    const y = backend.makeOutput([...leading, out], "float32");
    const at = (tensor: tf.TensorInfo): number => addressOf(backend, tensor);
    kernels.linearTransposed(at(x), at(weight), bias ? at(bias) : 0, at(y), rows, d, out);
    return y;
  },
);

/** x [.., d] times weight [d, out], plus bias [out]: [.., out]. */
export function wasmLinear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return product({ x, weight, ...(bias && { bias }) });
}

/** x [.., d] times the transpose of weight [out, d], plus bias [out]: [.., out]. */
export function wasmLinearTransposed(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return transposedProduct({ x, weight, ...(bias && { bias }) });
}

function rowsOf(x: tf.TensorInfo): { rows: number; d: number; leading: number[] } {
  const leading = x.shape.slice(0, -1);
  return { rows: tf.util.sizeFromShape(leading), d: x.shape.at(-1) ?? 1, leading };
}
