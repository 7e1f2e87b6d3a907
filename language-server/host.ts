/** What the server needs of the machine it runs on, none of which throws. Files have the names of `file-names.ts`. */
export interface Host {
  /** The text that is stored; undefined where none can be read, or where a link leads out of the project's folder. */
  readonly read: (file: string, root: string) => string | undefined;
  /** The folder that the imports of a file stay inside of. */
  readonly rootOf: (file: string) => string;
  /** The .tfm files in a folder and below. */
  readonly list: (folder: string) => readonly string[];
  /** Where an editor can open a file of the standard library, `std/attention.tfm`; undefined where it is no file. */
  readonly libraryUri: (name: string) => string | undefined;
  /** Where the page about the code of a diagnostic is. */
  readonly pageOf: (code: string) => string | undefined;
  /** The checkpoint in the folder of a file, for what a `weights` declaration may name. */
  readonly checkpointBeside: (file: string) => Checkpoint;
  /** Does it soon, after what has arrived from the client by now. */
  readonly soon: (action: () => void) => void;
}

export interface Checkpoint {
  /** The names of its tensors. */
  readonly tensors: readonly string[];
  /** The paths of the fields of its config.json. */
  readonly fields: readonly string[];
}
