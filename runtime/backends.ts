/** The choice of what computes. */
import * as tf from "@tensorflow/tfjs-core";
import { platform } from "#platform";
import { watchDevice } from "./faults.js";
import { backendNames, type Adapter, type BackendName } from "./platform/platform.js";
import { foldAxes } from "./fold-axes.js";
import { startWasmKernels } from "./kernels/wasm/kernels.js";
import { guardWasmMemory } from "./wasm-memory.js";
import { webgpuBackend } from "./webgpu-backend.js";
import { mendTranspose } from "./webgpu-transpose.js";

export interface Backend {
  readonly name: BackendName;
  /** Why it was chosen, and why those before it were not; one line. */
  readonly reason: string;
  /** The adapter's own description, for WebGPU. */
  readonly device?: string;
}

export interface BackendOptions {
  /** Where the `.wasm` files are served from, in a browser; beside the script if not given. Ends in a slash. */
  readonly wasmFiles?: string;
}

/**
 * Makes a backend the one in use. Without a name: WebGPU where the machine has a real adapter, else WebAssembly, else
 * plain JavaScript. With a name: that one, on a software adapter if need be.
 *
 * @throws Error if there is no backend of that name, or it cannot work here.
 */
export async function useBackend(name?: string, options: BackendOptions = {}): Promise<Backend> {
  if (name !== undefined) {
    if (!isBackendName(name)) throw new Error(`no backend "${name}"; there are ${backendNames.join(", ")}`);
    return start(name, "asked for by name", true, options);
  }
  const refusals: string[] = [];
  for (const candidate of platform.order) {
    try {
      const reason = refusals.length > 0 ? refusals.join("; ") : "the fastest here";
      return await start(candidate, reason, false, options);
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`no backend works here: ${refusals.join("; ")}`);
}

function isBackendName(name: string): name is BackendName {
  return backendNames.some((known) => known === name);
}

async function start(name: BackendName, reason: string, named: boolean, options: BackendOptions): Promise<Backend> {
  if (name === "webgpu") {
    const adapter = await startWebGpu(named);
    return { name, reason: adapter.note ? `${reason}; ${adapter.note}` : reason, device: adapter.description };
  }
  if (name === "wasm") {
    const release = await platform.prepareWasm(options.wasmFiles);
    await activate(name).finally(release);
    guardWasmMemory();
    foldAxes(name);
    const refusal = await startWasmKernels();
    if (refusal !== undefined) return { name, reason: `${reason}; with tfjs's kernels only: ${refusal}` };
  } else {
    await import("@tensorflow/tfjs-backend-cpu");
    await activate(name);
  }
  return { name, reason };
}

async function activate(name: BackendName): Promise<void> {
  // Else tfjs advertises its other packages on stderr.
  tf.enableProdMode();
  const works = await tf.setBackend(name);
  if (!works) throw new Error(`${name}: tfjs could not start it`);
  await tf.ready();
}

/** The adapter that the running WebGPU backend was made on. */
let running: Adapter | undefined;

async function startWebGpu(named: boolean): Promise<Adapter> {
  if (running && (named || !running.software)) {
    await activate("webgpu");
    return running;
  }
  const prepared = await platform.prepareWebGpu(named);
  if (!prepared) throw new Error("webgpu: no adapter" + (named ? " of any kind; use --backend wasm" : ""));
  try {
    await import("@tensorflow/tfjs-backend-webgpu");
    await activate("webgpu");
  } finally {
    prepared.release();
  }
  const backend = webgpuBackend();
  if (!backend) throw new Error("webgpu: tfjs could not start it");
  watchDevice(backend.device);
  mendTranspose(backend);
  foldAxes("webgpu");
  running = prepared;
  return prepared;
}
