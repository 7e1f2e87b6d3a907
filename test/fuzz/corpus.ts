/** The programs that inputs are made from: every `.tfm` file of the project, and every program of its documents. */
import { projectFiles, readText } from "../tidy/files.js";
import { examplesOf } from "../spec/page.js";

/** A program: its files by name, the first the entry. */
export type Files = ReadonlyMap<string, string>;

/** What is examined. `before`: what the files were until an edit, after which the answer is to be as if there had been none. */
export interface Input {
  readonly files: Files;
  readonly before?: Files | undefined;
}

export interface Sample {
  /** Where it stands, for messages. */
  readonly origin: string;
  readonly files: Files;
}

/** Large enough for a whole model; what is longer takes long to check and says no more. */
const longest = 8_000;

export const corpus: readonly Sample[] = [
  ...projectFiles
    .filter((path) => path.endsWith(".tfm"))
    .map((path) => ({ origin: path, files: new Map([["model.tfm", readText(path)]]) })),
  ...projectFiles
    .filter((path) => /^(docs\/.*|README)\.md$/.test(path))
    .flatMap((path) =>
      examplesOf(readText(path)).map(({ pageLine, files }) => ({ origin: `${path}:${pageLine}`, files })),
    ),
].filter(({ files }) => [...files.values()].every((text) => text.length <= longest));
