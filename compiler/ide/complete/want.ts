import type { Suggestion } from "./suggestion.js";

/** What is due where something is to be written. */
export interface Want {
  /** As types are written: `f32[..]`, `int`, `fn`, `mask[i, j]`, `block`; empty where that is not known. */
  readonly type: string;
  /** Known when the model is compiled: no tensor. */
  readonly isStatic?: boolean;
  /** Texts that are known to be meant. */
  readonly texts?: readonly string[];
  /** Names that have a meaning here alone: `q` and `k` of a mask. */
  readonly extra?: readonly Suggestion[] | undefined;
}

export const anything: Want = { type: "" };
