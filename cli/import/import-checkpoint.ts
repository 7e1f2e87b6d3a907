import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { check, hasErrors, type Problem } from "../../compiler/index.js";
import { packageFolder } from "../package.js";
import { familyOf } from "./families.js";
import { sampler, stopTokens } from "./generation.js";
import { isHarmless } from "./harmless.js";
import { readConfig } from "./read-config.js";
import { writeExample } from "./write-example.js";

export interface ImportedFile {
  readonly text: string;
  /** What the file does not express, a line each. */
  readonly notes: readonly string[];
  /** What the checker says of the numbers; nothing where they fit together. */
  readonly problems: readonly Problem[];
}

/** The complete `.tfm` of a Hugging Face checkpoint's folder. `name` is what problems call it. */
export function importCheckpoint(folder: string, name: string): ImportedFile {
  const checkpoint = readConfig(folder);
  const { config, generation } = checkpoint;
  const imported = familyOf(config)(config);
  const stop = stopTokens(checkpoint);
  const example = readFileSync(new URL(`examples/${imported.example}.tfm`, packageFolder()), "utf8");
  const own = config.has("_name_or_path") ? config.text("_name_or_path") : "";
  const from = own === "" ? basename(resolve(folder)) : own;
  const text = writeExample(example, imported, {
    name: configName(from, imported.example),
    from,
    stop,
    sample: sampler(generation),
  });
  const unknown = config.unread().filter((field) => !isHarmless(field));
  const { problems } = check(name, (path) => (path === name ? text : undefined));
  return {
    text,
    notes: [
      ...imported.notes,
      ...unknown.map((field) => `${config.file}: ${field} is not known to tfmc import, and is ignored`),
    ],
    problems: problems.filter((problem) => hasErrors([problem])),
  };
}

/** `openai-community/gpt2-medium` is gpt2_medium; a name that says nothing is replaced by the family's. */
function configName(from: string, family: string): string {
  const last = from.split(/[/\\]/).at(-1) ?? "";
  const name = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (/^[0-9a-f]{32,}$/.test(name) || name === "") return family;
  return /^[a-z]/.test(name) ? name.slice(0, 60) : `${family}_${name}`.slice(0, 60);
}
