/** The kernels of `assembly/`, running in the memory of tfjs's WebAssembly backend. */
import * as tf from "@tensorflow/tfjs-core";
import { isWasmBackend, type WasmBackend } from "./backend.js";
import { binary } from "./binary.js";

/** Numbers are addresses, strides in bytes and counts, as `assembly/` says beside each. */
export interface WasmKernels {
  attend(
    ...of: [
      ...[q: number, k: number, v: number, y: number, scores: number, groups: number, queries: number, keys: number],
      ...[c: number, e: number, kStride: number, vStride: number, scale: number],
    ]
  ): void;
  copyBlocks(from: number, fromStride: number, to: number, toStride: number, count: number, bytes: number): void;
  geluTanh(x: number, y: number, count: number): void;
  silu(x: number, y: number, count: number): void;
  layerNorm(x: number, gain: number, bias: number, y: number, rows: number, d: number, epsilon: number): void;
  rmsNorm(x: number, gain: number, y: number, rows: number, d: number, epsilon: number): void;
  linear(x: number, w: number, bias: number, y: number, rows: number, d: number, out: number): void;
  linearMany(
    ...of: [x: number, w: number, bias: number, y: number, strip: number, rows: number, d: number, out: number]
  ): void;
  linearTransposed(x: number, w: number, bias: number, y: number, rows: number, d: number, out: number): void;
}

const running = new WeakMap<object, WasmKernels>();

/**
 * Makes the kernels ready for the WebAssembly backend that is in use. Where they cannot be, as in a processor without SIMD
 * or beside a backend of several threads, whose memory is shared, it gives the reason; operations then take tfjs's kernels.
 */
export async function startWasmKernels(): Promise<string | undefined> {
  const backend: unknown = tf.backend();
  if (!isWasmBackend(backend)) return "this tfjs is not the one that the runtime knows";
  if (running.has(backend)) return undefined;
  try {
    running.set(backend, await instantiateWasmKernels(backend.wasm.asm.memory));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @throws Error if this machine, or this memory, cannot run them. */
export async function instantiateWasmKernels(memory: WebAssembly.Memory): Promise<WasmKernels> {
  const bytes = Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  if (!isKernels(instance.exports)) throw new Error("the WebAssembly of the runtime lacks its kernels");
  return instance.exports;
}

/** The kernels and the backend in use. @throws Error if they do not run on it. */
export function wasmKernels(): { readonly kernels: WasmKernels; readonly backend: WasmBackend } {
  const backend: unknown = tf.backend();
  const kernels = isWasmBackend(backend) ? running.get(backend) : undefined;
  if (!kernels || !isWasmBackend(backend)) throw new Error("the runtime's kernels do not run on this backend");
  return { kernels, backend };
}

/** Whether an operation may take them now: they run, and no gradient is being recorded, for they have none. */
export function wasmKernelsApply(): boolean {
  return tf.getBackend() === "wasm" && running.has(tf.backend()) && !tf.engine().isTapeOn();
}

const names = [
  "attend",
  "copyBlocks",
  "geluTanh",
  "silu",
  "layerNorm",
  "rmsNorm",
  "linear",
  "linearMany",
  "linearTransposed",
];

function isKernels(exports: object): exports is WasmKernels {
  return names.every((name) => name in exports);
}
