import * as tf from "@tensorflow/tfjs-core";
import type { WasmBackend } from "./backend.js";
import { wasmKernels, type WasmKernels } from "./kernels.js";

/** What a kernel is given: the tensors that it always has, perhaps others, and numbers. */
export interface Given<Name extends string> {
  readonly kernels: WasmKernels;
  readonly backend: WasmBackend;
  readonly inputs: Readonly<Record<Name, tf.TensorInfo> & Record<string, tf.TensorInfo | undefined>>;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Registers a kernel of tfjs's WebAssembly backend, without a gradient, and gives the function that runs it. */
export function defineWasmKernel<Name extends string>(
  kernelName: string,
  names: readonly Name[],
  compute: (given: Given<Name>) => tf.TensorInfo,
): (inputs: Record<Name, tf.Tensor> & tf.NamedTensorMap, numbers?: Record<string, number>) => tf.Tensor {
  const has = (inputs: object): inputs is Given<Name>["inputs"] => names.every((name) => name in inputs);
  tf.registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs = {} }) => {
      if (!has(inputs)) throw new Error(`${kernelName}: ${names.join(", ")} are due`);
      if (!areNumbers(attrs)) throw new Error(`${kernelName}: takes numbers only`);
      return compute({ ...wasmKernels(), inputs, numbers: attrs });
    },
  });
  return (inputs, numbers = {}) => {
    const made: unknown = tf.engine().runKernel(kernelName, inputs, numbers);
    if (!(made instanceof tf.Tensor)) throw new Error(`${kernelName}: one tensor is due`);
    return made;
  };
}

function areNumbers(attributes: object): attributes is Record<string, number> {
  return Object.values(attributes).every((value) => typeof value === "number");
}
