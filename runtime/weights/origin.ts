/** What a weight was loaded from, so that saving writes it back under the same name and in the same width. */
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Dtype } from "./safetensors/dtype.js";
import type { StoredFloat } from "./safetensors/encode.js";

export interface Origin {
  /** The file's tensor; several weights may be parts of one. */
  readonly name: string;
  readonly dtype: StoredFloat;
  /** Those that the tensor's numbers are whole multiples of. */
  readonly scales?: Float32Array | undefined;
}

/** As long as the tensors live: what training makes of them is new. */
const origins = new WeakMap<Tensor, Origin>();

export function noteOrigin(tensor: Tensor, origin: Origin): void {
  origins.set(tensor, origin);
}

export function originOf(tensor: Tensor): Origin | undefined {
  return origins.get(tensor);
}

/** A tensor of the file that the model has no use for, and that is written back. */
export interface Carried {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const carriedWith = new WeakMap<object, readonly Carried[]>();

export function noteCarried(weights: unknown, carried: readonly Carried[]): void {
  if (typeof weights === "object" && weights !== null) carriedWith.set(weights, carried);
}

export function carriedBy(weights: unknown): readonly Carried[] {
  return (typeof weights === "object" && weights !== null && carriedWith.get(weights)) || [];
}
