/** What a weight was loaded from, so that saving writes it back under the same name and in the same width. */
import type { Tensor } from "@tensorflow/tfjs-core";
import type { StoredFloat } from "./safetensors/encode.js";

export interface Origin {
  /** The file's tensor; several weights may be parts of one. */
  readonly name: string;
  readonly dtype: StoredFloat;
}

/** As long as the tensors live: what training makes of them is new. */
const origins = new WeakMap<Tensor, Origin>();

export function noteOrigin(tensor: Tensor, origin: Origin): void {
  origins.set(tensor, origin);
}

export function originOf(tensor: Tensor): Origin | undefined {
  return origins.get(tensor);
}
