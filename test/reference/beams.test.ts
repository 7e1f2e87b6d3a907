import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { openModel } from "../../cli/open-model.js";
import { readReference, toTensor } from "../../cli/verify/reference.js";
import { temporaryFolder } from "../cli/temporary-folder.js";
import { caseFolder, caseNames, ioOf } from "./case-folders.js";

interface Search {
  readonly beams: number;
  readonly length_penalty: number;
  readonly max_tokens: number;
  /** What the reference found, its start token included. */
  readonly tokens: readonly number[];
}

const searches = caseNames.flatMap((name) => {
  const { beams = [] } = JSON.parse(readFileSync(`${caseFolder(name)}/case.json`, "utf8")) as { beams?: Search[] };
  return beams.map((search) => ({ name, ...search }));
});

test("there are searches that end by themselves, and such that do not", () => {
  const ended = searches.filter(({ tokens, max_tokens }) => tokens.length - 1 < max_tokens);
  expect(ended.length).toBeGreaterThan(0);
  expect(ended.length).toBeLessThan(searches.length);
});

describe.each(["cpu", "wasm"])("beam search on %s", (backend) => {
  test.each(searches)("$name: $beams beams, length penalty $length_penalty", async (search) => {
    const { name, tokens, beams, length_penalty, max_tokens } = search;
    const path = join(temporaryFolder(), `${name}.tfm`);
    writeFileSync(path, importCheckpoint(caseFolder(name), path).text);
    const { executable, weights } = await openModel(path, { weights: caseFolder(name), backend });
    const { inputs } = await readReference(ioOf(name));
    const row = (input: string): ReturnType<typeof toTensor> => {
      const found = inputs.get(input);
      if (!found) throw new Error(`${name} has no ${input}`);
      const { shape, data, dtype } = found;
      return toTensor({ dtype, shape: [1, ...shape.slice(1)], data: data.slice(0, data.length / (shape[0] ?? 1)) });
    };
    const given = { ids: row("input_ids"), keep: row("attention_mask") };
    const options = { beams, lengthPenalty: length_penalty, maxTokens: max_tokens };
    const found: number[] = [];
    for await (const token of executable.generate?.(weights, given, options) ?? []) found.push(token);
    expect(found).toEqual(tokens.slice(1));
    Object.values(given).forEach((tensor) => tensor.dispose());
  });
});
