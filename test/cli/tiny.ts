import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors } from "tfmc/runtime";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { caseFolder } from "../reference/case-folders.js";
import { safetensors, type Entry } from "./safetensors.js";
import { temporaryFolder } from "./temporary-folder.js";

export interface Tiny {
  readonly folder: string;
  /** The model's file. */
  readonly file: string;
  /** The checkpoint's folder, whose files a test may change. */
  readonly weights: string;
  readonly io: string;
}

/** The smallest of the reference models, alone in a folder of its own: GPT-2 with 83 tokens, a context of 29, one layer. */
export function tiny(): Tiny {
  const folder = temporaryFolder();
  const weights = join(folder, "weights");
  mkdirSync(weights);
  const from = caseFolder("gpt2_lm_narrow");
  for (const name of ["config.json", "generation_config.json", "model.safetensors", "io.safetensors"]) {
    copyFileSync(join(from, name), join(weights, name));
  }
  const file = join(folder, "tiny.tfm");
  writeFileSync(file, importCheckpoint(from, file).text);
  return { folder, file, weights, io: join(weights, "io.safetensors") };
}

/** Every tensor of a file as it can be written again. */
export async function entriesOf(file: string): Promise<Record<string, Entry>> {
  const tensors = await readSafetensors(file);
  return Object.fromEntries(
    [...tensors].map(([name, { dtype, shape, data }]) => [name, { dtype, shape, numbers: [...data] }]),
  );
}

/** Writes a file again with some tensors changed; undefined leaves one out. */
export async function change(file: string, changes: Readonly<Record<string, Entry | undefined>>): Promise<void> {
  const entries = { ...(await entriesOf(file)), ...changes };
  const kept = Object.entries(entries).flatMap(([name, entry]) => (entry ? [[name, entry] as const] : []));
  writeFileSync(file, safetensors(Object.fromEntries(kept)));
}

export const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.tfm`, import.meta.url), "utf8");
