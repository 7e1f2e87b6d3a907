import { readdirSync } from "node:fs";
import { join } from "node:path";
import { systemReason } from "../system-error.js";

/** A project that has more is searched no further. */
const mostFiles = 5_000;
const mostFolders = 20_000;

/** Packages and what tools wrote are not the user's models. */
const isSkipped = (name: string): boolean => name.startsWith(".") || name === "node_modules";

/** The .tfm files in a folder and below it, nearest first. Links are not followed; what cannot be read has none. */
export function modelsBelow(folder: string | undefined): readonly string[] {
  const found: string[] = [];
  const folders = folder === undefined ? [] : [folder];
  for (let n = 0; n < folders.length && n < mostFolders; n++) {
    const each = folders[n] ?? "";
    for (const entry of entriesOf(each)) {
      if (found.length >= mostFiles) return found;
      if (entry.isFile() && entry.name.endsWith(".tfm")) found.push(join(each, entry.name));
      else if (entry.isDirectory() && !isSkipped(entry.name)) folders.push(join(each, entry.name));
    }
  }
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (systemReason(error) === undefined) throw error;
    return [];
  }
}
