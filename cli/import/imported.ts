import type { Fields } from "./fields.js";

/** A checkpoint in terms of one of the examples. */
export interface Imported {
  /** The example's name: `examples/gpt2.tfm` is "gpt2". */
  readonly example: string;
  /** The model's config entries, by the example's names. */
  readonly entries: Readonly<Record<string, number | boolean>>;
  /** What the file expresses but for training, or not at all. */
  readonly notes: readonly string[];
}

/** Reads a config.json of one `model_type`. Throws a `Failure` for a value that the example cannot express. */
export type Family = (config: Fields) => Imported;
