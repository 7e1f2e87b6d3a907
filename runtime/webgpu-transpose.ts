import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

type Program = Parameters<WebGPUBackend["runWebGPUProgram"]>[0];

const mended = new WeakSet<WebGPUBackend>();

/**
 * Transposition of integers and truth values: tfjs's shader for it hands them to a function that takes floats, which WebGPU
 * refuses. Reductions along another axis than the last transpose too, and what is cast to floats stays as it was stored.
 */
export function mendTranspose(backend: WebGPUBackend): void {
  if (mended.has(backend)) return;
  mended.add(backend);
  const run = backend.runWebGPUProgram.bind(backend);
  const holdsFloats = ({ dataId }: TensorInfo): boolean => backend.tensorMap.get(dataId)?.dtype === "float32";
  backend.runWebGPUProgram = (program, inputs, ...rest) => {
    const isRefused = program.shaderKey.startsWith("transpose_") && !inputs.every(holdsFloats);
    return run(isRefused ? withIntegers(program) : program, inputs, ...rest);
  };
}

function withIntegers(program: Program): Program {
  const write = program.getUserCode.bind(program);
  program.getUserCode = () => write().replaceAll("setOutputAtIndex(", "setOutputAtIndexI32(");
  return program;
}
