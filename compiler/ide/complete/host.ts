/** What only the editor's host can know. */
import type { Snapshot } from "../snapshot.js";

export interface Host {
  /** The paths of `.tfm` files that a file may import, from the file's folder. */
  readonly filesBeside?: (file: string) => readonly string[];
  /** The names of the tensors in a local checkpoint of a model. */
  readonly checkpointNames?: (model: string) => readonly string[];
  /** The paths of the fields in its config.json. */
  readonly configFields?: (model: string) => readonly string[];
  /** Other files of the project, whose names are offered with their import. */
  readonly others?: readonly Snapshot[];
}
