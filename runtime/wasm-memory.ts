/**
 * The memory of the WebAssembly backend: 32-bit addresses, so 4 GiB in all. Its allocator answers 0 when there is no
 * more, and tfjs would then write over address 0; here that becomes an error.
 */
import * as tf from "@tensorflow/tfjs-core";

/** What the backend can hold in all, in bytes. */
export const wasmMemoryLimit = 2 ** 32;

const guarded = new WeakSet<object>();

/** Makes running out of memory an error that says so. */
export function guardWasmMemory(): void {
  const backend: unknown = tf.backend();
  if (!isWasm(backend) || guarded.has(backend.wasm)) return;
  const { wasm } = backend;
  let allocate = wasm._malloc;
  const guard = (bytes: number): number => {
    const address = attempt(allocate, bytes);
    if (address === 0 && bytes > 0) throw outOfMemory(bytes);
    return address;
  };
  // The module replaces its own entry at the first call: what it sets is kept, and what it gives is the guard.
  Object.defineProperty(wasm, "_malloc", {
    get: () => guard,
    set: (replacement: typeof allocate) => (allocate = replacement),
  });
  guarded.add(wasm);
}

function attempt(allocate: (bytes: number) => number, bytes: number): number {
  try {
    return allocate(bytes);
  } catch (error) {
    throw outOfMemory(bytes, error);
  }
}

function outOfMemory(bytes: number, cause?: unknown): Error {
  const needed = (bytes / 2 ** 20).toFixed(1);
  return new Error(`wasm: out of memory: ${needed} MiB more than its 4 GiB; use --backend webgpu or cpu`, { cause });
}

/** The part of the module that its types leave out. */
interface Allocator {
  _malloc: (bytes: number) => number;
}

function isWasm(backend: unknown): backend is { readonly wasm: Allocator } {
  if (typeof backend !== "object" || backend === null || !("wasm" in backend)) return false;
  const { wasm } = backend;
  return typeof wasm === "object" && wasm !== null && "_malloc" in wasm;
}
