/** A model's files in the cache that the tools of Hugging Face share: `models--org--name/{refs,snapshots,blobs}`. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { getHFHubCachePath, getRepoFolderName } from "@huggingface/hub";
import { download } from "./download.js";
import type { HubId } from "./hub-id.js";
import { commitOf, filesOf, unreachable, type HubFile } from "./hub.js";

/** What of a model's files is wanted: those that describe it, or those that it runs with. */
export type Wanted = "description" | "checkpoint";

/** The folder of a revision, with the files that are wanted. Without a connection, as it was fetched before. */
export async function snapshot(id: HubId, wanted: Wanted, tell: (line: string) => void): Promise<string> {
  const folder = join(getHFHubCachePath(), getRepoFolderName({ type: "model", name: id.name }));
  const ref = join(folder, "refs", id.revision);
  const isCommit = /^[0-9a-f]{40}$/.test(id.revision);
  const commit = isCommit ? id.revision : await commitOf(id);
  if (commit === undefined) return fetchedBefore(folder, ref, id, tell);
  const there = join(folder, "snapshots", commit);
  for (const file of choose(await filesOf(id.name, commit), wanted)) await fetchFile(id, commit, file, folder, tell);
  if (!isCommit) write(ref, commit);
  return there;
}

function choose(files: readonly HubFile[], wanted: Wanted): readonly HubFile[] {
  const named = (...paths: readonly string[]): HubFile[] => files.filter(({ path }) => paths.includes(path));
  const description = named("config.json", "generation_config.json");
  if (wanted === "description") return description;
  const tensors = files.filter(({ path }) => path.endsWith(".safetensors"));
  // A model that is stored twice, whole and in parts, is taken whole.
  const whole = tensors.filter(({ path }) => path === "model.safetensors");
  return [...description, ...named("tokenizer.json", "tokenizer_config.json"), ...(whole.length > 0 ? whole : tensors)];
}

async function fetchFile(
  id: HubId,
  commit: string,
  file: HubFile,
  folder: string,
  tell: (line: string) => void,
): Promise<void> {
  const pointer = join(folder, "snapshots", commit, file.path);
  const blob = join(folder, "blobs", file.etag);
  if (existsSync(pointer)) return;
  mkdirSync(dirname(pointer), { recursive: true });
  mkdirSync(dirname(blob), { recursive: true });
  if (!existsSync(blob)) {
    tell(`fetching ${file.path} of ${id.name}, ${sizeText(file.size)}`);
    await download(id.name, commit, file, blob);
  }
  symlinkSync(relative(dirname(pointer), blob), pointer);
}

function fetchedBefore(folder: string, ref: string, { name }: HubId, tell: (line: string) => void): string {
  const commit = existsSync(ref) ? readFileSync(ref, "utf8").trim() : "";
  const there = join(folder, "snapshots", commit);
  if (commit === "" || !existsSync(there)) throw unreachable();
  tell(`the Hub cannot be reached: ${name} is taken as it was fetched before`);
  return there;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
