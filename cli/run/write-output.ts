import type * as tf from "@tensorflow/tfjs-core";
import type { Dtype } from "../../runtime/index.js";
import { writeSafetensors } from "../../runtime/weights/safetensors/write.js";
import { openSink } from "../../runtime/weights/sink.js";
import { Failure } from "../failure.js";
import { writeAtomically } from "../files.js";
import { orFailure } from "../refusal.js";

export interface Output {
  readonly name: string;
  readonly dtype: tf.DataType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Refuses a file that `writeOutput` could not write, before anything is computed. */
export function checkOutputFile(file: string): void {
  if (!/\.(safetensors|json)$/.test(file)) throw new Failure(`${file} is to end in .safetensors or .json`);
}

/** Writes a `.safetensors` file, or `.json` of nested arrays. An earlier file is replaced when the new one is whole. */
export async function writeOutputs(file: string, outputs: readonly Output[]): Promise<void> {
  if (file.endsWith(".json")) {
    const nested = Object.fromEntries(outputs.map(({ name, shape, data }) => [name, nest(shape, data)]));
    return writeAtomically(file, `${JSON.stringify(nested)}\n`);
  }
  const tensors = outputs.map(({ name, shape, data }) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { name, shape, dtype: dtypeOf(data), bytes: () => Promise.resolve(bytes) };
  });
  await orFailure(async () => writeSafetensors(tensors, await openSink(file)));
}

function dtypeOf(data: Output["data"]): Dtype {
  if (data instanceof Float32Array) return "F32";
  return data instanceof Int32Array ? "I32" : "BOOL";
}

type Nest = number | Nest[];

function nest(shape: readonly number[], data: ArrayLike<number>): Nest {
  const build = (axis: number, from: number): Nest => {
    if (axis === shape.length) return data[from] ?? NaN;
    const stride = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
    return Array.from({ length: shape[axis] ?? 0 }, (_, n) => build(axis + 1, from + n * stride));
  };
  return build(0, 0);
}
