import type * as tf from "@tensorflow/tfjs-core";

/** The inside of tfjs's WebAssembly backend, as far as kernels of our own use it. */
export interface WasmBackend {
  makeOutput(shape: number[], dtype: "float32"): tf.TensorInfo;
  disposeData(id: object): boolean;
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } };
}

export function isWasmBackend(backend: unknown): backend is WasmBackend {
  return isObject(backend) && "makeOutput" in backend && "dataIdMap" in backend && hasMemory(backend);
}

/** Where a tensor's numbers begin, in bytes. @throws Error if they are no floats. */
export function addressOf(backend: WasmBackend, { dataId, dtype }: tf.TensorInfo): number {
  if (dtype !== "float32") throw new Error(`a kernel of floats was given ${dtype}`);
  return backend.dataIdMap.get(dataId).memoryOffset;
}

function hasMemory(backend: object): boolean {
  if (!("wasm" in backend) || !isObject(backend.wasm) || !("asm" in backend.wasm)) return false;
  const { asm } = backend.wasm;
  return isObject(asm) && "memory" in asm && asm.memory instanceof WebAssembly.Memory;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
