import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { caseFolder } from "../reference/case-folders.js";
import { temporaryFolder } from "./temporary-folder.js";

test("what cannot be decoded is imported without its generate, and says why", () => {
  const folder = temporaryFolder();
  const config = readFileSync(join(caseFolder("reformer_local"), "config.json"), "utf8");
  const hashing = config.replace(/"attn_layers": \[\s*"local",\s*"local"/, '"attn_layers": ["local", "lsh"');
  writeFileSync(
    join(folder, "config.json"),
    hashing.replace('"lsh_attn_chunk_length": 64', '"lsh_attn_chunk_length": 8'),
  );
  const { text, notes, problems } = importCheckpoint(folder, "hashing.tfm");
  expect(problems).toEqual([]);
  expect(notes).toEqual([expect.stringMatching(/^no `generate`: .* it has `argsort` along `n`, in layers > attn$/)]);
  expect(text).toContain("hash_chunk: 8");
  expect(text).not.toContain("generate");
  expect(importCheckpoint(caseFolder("reformer_local"), "local.tfm").text).toContain(
    "generate reformer_local.lm over n",
  );
});
