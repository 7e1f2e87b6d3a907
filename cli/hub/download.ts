import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure } from "../failure.js";
import { authorization, endpoint, unreachable, type HubFile } from "./hub.js";

/** Downloads a file to `to`, going on where an earlier try ended. What is there is whole, or is not there. */
export async function download(name: string, commit: string, file: HubFile, to: string): Promise<void> {
  const part = `${to}.incomplete`;
  const url = `${endpoint()}/${name}/resolve/${commit}/${file.path}`;
  if (sizeOf(part) > file.size) rmSync(part);
  if (sizeOf(part) < file.size || file.size === 0) await goOn(url, part);
  if (sizeOf(part) !== file.size)
    throw new Failure(`${url} ended after ${sizeOf(part)} of ${file.size} bytes`, "try again: it goes on from there");
  if (file.isLarge && (await sha256(part)) !== file.etag) {
    rmSync(part);
    throw new Failure(`${url} is not what the Hub says it is`, "try again: it was taken away");
  }
  renameSync(part, to);
}

async function goOn(url: string, part: string): Promise<void> {
  const from = sizeOf(part);
  const range: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
  const response = await connected(() => fetch(url, { headers: { ...authorization(), ...range } }));
  if (!response.ok) throw new Failure(`${url} cannot be read (status ${response.status})`);
  // A server that knows no ranges sends all of it.
  const flags = response.status === 206 ? "a" : "w";
  const { body } = response;
  if (body) await connected(() => pipeline(body, createWriteStream(part, { flags })));
  else if (from === 0) await pipeline(Readable.from([]), createWriteStream(part));
}

/** A connection that breaks is nothing to be surprised by. */
async function connected<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw error instanceof TypeError ? unreachable() : error;
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
