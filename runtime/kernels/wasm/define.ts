import * as tf from "@tensorflow/tfjs-core";
import type { WasmBackend } from "./backend.js";
import { wasmKernels, type WasmKernels } from "./kernels.js";

/** What a kernel works with: tensors of the backend's memory, and where they lie. */
export interface Workplace {
  readonly kernels: WasmKernels;
  /** Where a tensor's numbers begin, in bytes; 0 for none. @throws Error if they are no floats. */
  addressOf(tensor: tf.TensorInfo | undefined): number;
  /** A new tensor, not filled. */
  output(...shape: number[]): tf.TensorInfo;
  free(tensor: tf.TensorInfo): void;
}

type Compute = (
  place: Workplace,
  inputs: Readonly<Record<string, tf.TensorInfo | undefined>>,
  attributes: Readonly<Record<string, number>>,
) => tf.TensorInfo;

/** Registers a kernel of tfjs's WebAssembly backend, without a gradient, and gives the function that runs it. */
export function defineWasmKernel(
  kernelName: string,
  compute: Compute,
): (inputs: tf.NamedTensorMap, attributes?: Record<string, number>) => tf.Tensor {
  tf.registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => compute(workplace(kernelName), inputs, numbersOf(attrs)),
  });
  return (inputs, attributes = {}) => {
    const made: unknown = tf.engine().runKernel(kernelName, inputs, attributes);
    if (!(made instanceof tf.Tensor)) throw new Error(`${kernelName}: one tensor is due`);
    return made;
  };
}
