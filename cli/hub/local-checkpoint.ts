import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { readHubId } from "./hub-id.js";
import type { Wanted } from "./snapshot.js";

const known = new Map<string, Promise<string>>();

/** Where a checkpoint is on this machine. What is there is meant, and a name of the Hub else: that is fetched, once. */
export async function localCheckpoint(source: string, wanted: Wanted): Promise<string> {
  const id = existsSync(source) ? undefined : readHubId(source);
  if (!id) return source;
  const key = `${wanted} ${source}`;
  const { snapshot } = await import("./snapshot.js");
  const folder = known.get(key) ?? snapshot(id, wanted, (line) => process.stderr.write(`${line}\n`));
  known.set(key, folder);
  return folder;
}

/** The folder that a checkpoint is in, with its tokenizer. */
export async function checkpointFolder(source: string): Promise<string> {
  const path = await localCheckpoint(source, "checkpoint");
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path;
}
