import { basename, resolve } from "node:path";
import { hasErrors, type Problem } from "../../compiler/index.js";
import { Failure } from "../failure.js";
import { dropUselessRules } from "./drop-useless-rules.js";
import { requireExpected } from "./expectations.js";
import { familyOf, shipped, type Source } from "./families.js";
import type { Fields } from "./fields.js";
import { sampler, startTokens, stopTokens } from "./generation.js";
import { shown } from "./json.js";
import { readConfig } from "./read-config.js";
import { readEntries } from "./read-entries.js";
import { notesOn } from "./unknown-fields.js";
import { writeExample } from "./write-example.js";

export interface ImportedFile {
  readonly text: string;
  /** The name of the example that it was made of. */
  readonly example: string;
  /** What the file does not express, a line each. */
  readonly notes: readonly string[];
  /** What the checker says of the numbers; nothing where they fit together. */
  readonly problems: readonly Problem[];
}

interface Options {
  /** The files by whose rules it may be read; the examples if not given. */
  readonly sources?: readonly Source[] | undefined;
  /** What the checkpoint is called; what its config.json says, or the folder's name, if not given. */
  readonly from?: string | undefined;
}

/** The complete `.tfm` of a Hugging Face checkpoint's folder. `name` is what problems call it. */
export function importCheckpoint(folder: string, name: string, options: Options = {}): ImportedFile {
  const checkpoint = readConfig(folder);
  const { config, generation } = checkpoint;
  const family = familyOf(config, options.sources ?? shipped());
  const { weights } = family.example;
  refuseQuantized(config);
  const entries = readEntries(family.example, config);
  requireExpected(weights, config, entries.valueOf);
  const from = options.from || config.text("_name_or_path") || basename(resolve(folder));
  const written = writeExample(family, entries, {
    name: configName(from, family.example.name),
    from,
    start: startTokens(checkpoint),
    stop: stopTokens(checkpoint),
    sample: sampler(generation),
  });
  const { text, problems, notes } = dropUselessRules(written, name);
  return {
    text,
    example: family.example.name,
    notes: [...notesOn(weights, config), ...notes],
    problems: problems.filter((problem) => hasErrors([problem])),
  };
}

function refuseQuantized(config: Fields): void {
  const found = config.find("quantization_config");
  if (!found || found.value === null) return;
  throw new Failure(
    `${config.file}: quantization_config is ${shown(found.value)}, and packed weights are not supported`,
    "import the checkpoint it was made from",
  );
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
