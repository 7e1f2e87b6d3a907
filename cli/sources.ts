import { standardLibrary } from "../compiler/index.js";
import { readSource } from "./files.js";
import { readImport } from "./read-import.js";

/** The `.tfm` files of one run of a command, each read at most once, so that messages show the text that was checked. */
export interface Sources {
  /** Reads a file the user named. Throws a `Failure` where it cannot be read. */
  readonly require: (path: string) => string;
  /** Reads a file that another file names, inside of a project; undefined where nothing is there. */
  readonly within: (root: string) => (path: string) => string | undefined;
  /** The text of a file that was read, or of the standard library, by the name that problems give it. */
  readonly text: (file: string) => string | undefined;
}

export function openSources(): Sources {
  const texts = new Map<string, string>();
  const keep = <Text extends string | undefined>(path: string, text: Text): Text => {
    if (text !== undefined) texts.set(path, text);
    return text;
  };
  return {
    require: (path) => texts.get(path) ?? keep(path, readSource(path)),
    within: (root) => (path) => texts.get(path) ?? keep(path, readImport(path, root)),
    text: (file) => texts.get(file) ?? standardLibrary.get(file),
  };
}
