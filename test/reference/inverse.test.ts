/** A checkpoint that is imported, loaded and saved is what it was: names, widths and bytes. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { openModel } from "../../cli/open-model.js";
import { temporaryFolder } from "../cli/temporary-folder.js";
import { caseFolder, caseNames } from "./case-folders.js";

/** Every tensor of the safetensors files of a folder: its width, shape and bytes. */
function tensorsIn(folder: string): Map<string, string> {
  const tensors = new Map<string, string>();
  for (const name of readdirSync(folder).filter((file) => /^model.*\.safetensors$/.test(file))) {
    const bytes = readFileSync(join(folder, name));
    const length = Number(bytes.readBigUInt64LE(0));
    const header: unknown = JSON.parse(bytes.subarray(8, 8 + length).toString());
    for (const [key, entry] of Object.entries(header ?? {})) {
      if (key === "__metadata__" || !isEntry(entry)) continue;
      const [from, to] = entry.data_offsets;
      const data = bytes.subarray(8 + length + from, 8 + length + to);
      tensors.set(key, `${entry.dtype} [${entry.shape.join(", ")}] ${data.toString("base64")}`);
    }
  }
  return tensors;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && "data_offsets" in value;

describe.each(caseNames)("%s", (name) => {
  test("is saved as it was loaded", async () => {
    const folder = temporaryFolder();
    const path = join(folder, `${name}.tfm`);
    writeFileSync(path, importCheckpoint(caseFolder(name), path).text);
    const { executable, weights } = await openModel(path, { weights: caseFolder(name), backend: "cpu" });
    await executable.save(weights, join(folder, "model.safetensors"));
    const due = tensorsIn(caseFolder(name));
    const saved = tensorsIn(folder);
    expect([...saved.keys()].sort()).toEqual([...due.keys()].sort());
    expect([...due].filter(([tensor, content]) => saved.get(tensor) !== content).map(([tensor]) => tensor)).toEqual([]);
  });
});
