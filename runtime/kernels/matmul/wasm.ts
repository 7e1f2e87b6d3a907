/**
 * Products of batches on WebAssembly. tfjs hands a single pair of matrices to XNNPACK and multiplies batches in a plain
 * loop, ten times slower. Here each pair of a batch is given to it as what it is, a stretch of memory: nothing is copied.
 */
import * as tf from "@tensorflow/tfjs-core";

const kernelName = "TfmcBatchedMatMul";

/** The part of the backend's inside that is used. */
interface Backend {
  makeOutput(shape: number[], dtype: "float32"): tf.TensorInfo;
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  readonly wasm: {
    cwrap(name: string, result: null, types: readonly string[]): Multiply;
    readonly tfjs: {
      registerTensor(id: number, size: number, memoryOffset: number): void;
      disposeData(id: number): void;
    };
  };
}

type Multiply = (
  a: number,
  aShape: Uint8Array,
  aRank: number,
  b: number,
  bShape: Uint8Array,
  bRank: number,
  transposeA: boolean,
  transposeB: boolean,
  out: number,
) => void;

/** Ids of pieces, far above those that the backend counts up from 1, and below the 32-bit limit. */
const pieces = { a: 2 ** 31 - 1, b: 2 ** 31 - 2, out: 2 ** 31 - 3 };

let multiply: Multiply | undefined;

function setup(backend: object): void {
  if (!isBackend(backend)) throw new Error("wasm: this tfjs is not the one that the runtime knows");
  const argumentTypes = ["number", "array", "number", "number", "array", "number", "number", "number", "number"];
  multiply = backend.wasm.cwrap(tf.BatchMatMul, null, argumentTypes);
}

/** a [batch, n, m] times b [batch, m, p]: [batch, n, p]. */
function run(a: tf.TensorInfo, b: tf.TensorInfo, backend: Backend): tf.TensorInfo {
  const [batch = 1, n = 1, m = 1] = a.shape;
  const p = b.shape[2] ?? 1;
  const out = backend.makeOutput([batch, n, p], "float32");
  const { tfjs } = backend.wasm;
  const piece = (id: number, tensor: tf.TensorInfo, size: number, at: number): void => {
    tfjs.registerTensor(id, size, backend.dataIdMap.get(tensor.dataId).memoryOffset + 4 * size * at);
  };
  const [aShape, bShape] = [bytesOf([1, n, m]), bytesOf([1, m, p])];
  for (let at = 0; at < batch; at++) {
    piece(pieces.a, a, n * m, at);
    piece(pieces.b, b, m * p, at);
    piece(pieces.out, out, n * p, at);
    multiply?.(pieces.a, aShape, 3, pieces.b, bShape, 3, false, false, pieces.out);
    // Forgets the piece and the operator made for it; the memory stays the whole tensor's.
    for (const id of Object.values(pieces)) tfjs.disposeData(id);
  }
  return out;
}

tf.registerKernel({
  kernelName,
  backendName: "wasm",
  setupFunc: setup,
  kernelFunc: ({ inputs, backend }) => {
    const { a, b } = inputs;
    if (!a || !b || !isBackend(backend)) throw new Error(`${kernelName}: two tensors on wasm`);
    return run(a, b, backend);
  },
});

tf.registerGradient({
  kernelName,
  inputsToSave: ["a", "b"],
  gradFunc: (dy, saved) => {
    const [a, b] = saved;
    if (Array.isArray(dy) || !a || !b) throw new Error(`${kernelName}: one gradient, two tensors`);
    return {
      a: () => wasmBatchedMatMul(dy, tf.transpose(b, [0, 2, 1])),
      b: () => wasmBatchedMatMul(tf.transpose(a, [0, 2, 1]), dy),
    };
  },
});

/** a [batch, n, m] times b [batch, m, p]: [batch, n, p]. */
export function wasmBatchedMatMul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const product: unknown = tf.engine().runKernel(kernelName, { a, b });
  if (!isTensor(product)) throw new Error(`${kernelName}: one tensor`);
  return product;
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

function isBackend(backend: object): backend is Backend {
  return "makeOutput" in backend && "dataIdMap" in backend && "wasm" in backend;
}

function bytesOf(shape: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(shape).buffer);
}
