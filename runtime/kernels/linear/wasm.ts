/** Products of few rows on WebAssembly, which read the weight once and keep no second copy of it, as XNNPACK does. */
import type * as tf from "@tensorflow/tfjs-core";
import { addressOf } from "../wasm/backend.js";
import { defineWasmKernel, type Given } from "../wasm/define.js";

type Operands = Given<"x" | "weight">;

/** Gives y [.., out] for x [.., d] with `out` as the weight has it. */
function run({ kernels, backend, inputs }: Operands, name: "linear" | "linearTransposed", out: number): tf.TensorInfo {
  const { x, weight, bias } = inputs;
  const d = x.shape.at(-1) ?? 1;
  const leading = x.shape.slice(0, -1);
  const rows = leading.reduce((size, axis) => size * axis, 1);
  const y = backend.makeOutput([...leading, out], "float32");
  const biasAt = bias ? addressOf(backend, bias) : 0;
  kernels[name](addressOf(backend, x), addressOf(backend, weight), biasAt, addressOf(backend, y), rows, d, out);
  return y;
}

const product = defineWasmKernel("TfmcLinear", ["x", "weight"], (given) =>
  run(given, "linear", given.inputs.weight.shape[1] ?? 1),
);

const transposedProduct = defineWasmKernel("TfmcLinearTransposed", ["x", "weight"], (given) =>
  run(given, "linearTransposed", given.inputs.weight.shape[0] ?? 1),
);

/** x [.., d] times weight [d, out], plus bias [out]: [.., out]. */
export function wasmLinear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return product({ x, weight, ...(bias && { bias }) });
}

/** x [.., d] times the transpose of weight [out, d], plus bias [out]: [.., out]. */
export function wasmLinearTransposed(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return transposedProduct({ x, weight, ...(bias && { bias }) });
}
