import { closeSync, openSync, readFileSync, readSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Checkpoint } from "../../language-server/index.js";

/** A header is 8 bytes of length, then JSON; the tensors' bytes behind it are never read. */
const lengthBytes = 8;
/** Far more than any has; what is longer is not waited for while someone types. */
const longestHeader = 16 * 1024 * 1024;

/** The names in the safetensors files and the config.json of a folder. What cannot be read has none. */
export function checkpointBeside(folder: string): Checkpoint {
  const files = orElse([], () => readdirSync(folder).filter((name) => name.endsWith(".safetensors")));
  return {
    tensors: files.flatMap((name) => orElse([], () => tensorsOf(join(folder, name)))),
    fields: orElse([], () => fieldsOf(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")))),
  };
}

function tensorsOf(path: string): string[] {
  if (!statSync(path).isFile()) return [];
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(lengthBytes);
    if (readSync(file, start) < lengthBytes) return [];
    const length = start.readBigUInt64LE();
    if (length > longestHeader) return [];
    const header = Buffer.alloc(Number(length));
    const read = readSync(file, header);
    return fieldsOf(JSON.parse(header.toString("utf8", 0, read)), 1).filter((name) => name !== "__metadata__");
  } finally {
    closeSync(file);
  }
}

/** The paths of what an object holds, `text_config.hidden_size`, so many levels deep. */
function fieldsOf(value: unknown, depth = 4): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const below = depth > 1 ? fieldsOf(inner, depth - 1) : [];
    return below.length > 0 ? below.map((path) => `${name}.${path}`) : [name];
  });
}

/** Files that others are writing may be anything. */
function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "code" in error)) return otherwise;
    throw error;
  }
}
