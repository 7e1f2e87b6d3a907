import * as tf from "@tensorflow/tfjs-core";
import { readSafetensors, type StoredTensor } from "../../runtime/index.js";
import { Failure } from "../failure.js";
import { orFailure } from "../refusal.js";

/** A file of reference inputs and outputs, `in.NAME` and `out.NAME`. */
export interface Reference {
  readonly file: string;
  readonly inputs: ReadonlyMap<string, StoredTensor>;
  /** Without the tokens of greedy decoding. */
  readonly outputs: ReadonlyMap<string, StoredTensor>;
  readonly greedy: StoredTensor | undefined;
}

export async function readReference(file: string): Promise<Reference> {
  const tensors = await orFailure(() => readSafetensors(file));
  const named = (prefix: string): Map<string, StoredTensor> =>
    new Map(
      [...tensors].flatMap(([name, tensor]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
      ),
    );
  const outputs = named("out.");
  if (outputs.size === 0) {
    throw new Failure(`${file} has no reference outputs`, "its tensors are to be called in.NAME and out.NAME");
  }
  const greedy = outputs.get("greedy");
  outputs.delete("greedy");
  return { file, inputs: named("in."), outputs, greedy };
}

export function toTensor({ shape, data }: StoredTensor): tf.Tensor {
  return tf.tensor(data, [...shape], data instanceof Float32Array ? "float32" : "int32");
}
