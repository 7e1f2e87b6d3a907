import * as tf from "@tensorflow/tfjs-core";

/**
 * Whether tfjs would cut or join runs of so few numbers that transposing first, which it does well, is faster: on
 * WebAssembly it copies run by run, in JavaScript.
 */
export function hasShortRuns(run: number): boolean {
  return tf.getBackend() === "wasm" && run < 16;
}
