import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { backendNames } from "tfmc/runtime";
import { knownTypes, shipped } from "../../cli/import/families.js";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { readConfig } from "../../cli/import/read-config.js";
import { readReference } from "../../cli/verify/reference.js";
import { temporaryFolder } from "../cli/temporary-folder.js";
import { tfmc } from "../cli/tfmc.js";
import { caseFolder, caseNames, ioOf, isVariant } from "./case-folders.js";
import { ioWithoutGreedy, verifyCase, webgpuTimeout } from "./verify-case.js";

test("every example that knows a kind of checkpoint has a case", () => {
  const kinds = new Set(caseNames.map((name) => readConfig(caseFolder(name)).config.text("model_type")));
  const without = shipped().filter((example) => {
    const known = knownTypes([example]);
    return known.length > 0 && !known.some((kind) => kinds.has(kind));
  });
  expect(without.map(({ name }) => name)).toEqual([]);
});

describe.each(caseNames)("%s", (name) => {
  test("is imported without a word", () => {
    const { notes, problems } = importCheckpoint(caseFolder(name), `${name}.tfm`);
    expect({ notes, problems }).toEqual({ notes: [], problems: [] });
  });

  test.each(backendNames)(
    "gives the reference's numbers on %s",
    async (backend) => {
      const folder = temporaryFolder();
      const reference = await readReference(ioOf(name));
      // Variants decode on the fast backends; cases.full.test.ts has the rest.
      const decodes = reference.greedy !== undefined && (backend !== "webgpu" || !isVariant(name));
      const io = decodes ? ioOf(name) : await ioWithoutGreedy(name, folder);
      const report = await verifyCase(name, backend, folder, io);
      const close: unknown = expect.objectContaining({ ok: true });
      const equal: unknown = expect.objectContaining({ ok: true, maxError: 0, relativeError: 0 });
      const names = [...reference.outputs.keys()];
      const outputs = {
        ...Object.fromEntries(names.map((output) => [output, close])),
        ...(decodes && { greedy: equal }),
      };
      expect(report).toEqual({ ok: true, backend, notes: [], outputs });
    },
    webgpuTimeout,
  );
});

test("the command that anyone can repeat", () => {
  const path = join(temporaryFolder(), "repeated.tfm");
  const imported = tfmc(["import", caseFolder("gpt2_lm"), "-o", path]);
  expect(imported).toEqual({ status: 0, stdout: `wrote ${path}\n`, stderr: "" });
  const args = ["--weights", caseFolder("gpt2_lm"), "--io", ioOf("gpt2_lm"), "--tolerance", "1e-4", "--backend", "cpu"];
  const { status, stdout, stderr } = tfmc(["verify", path, ...args, "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const report: unknown = JSON.parse(stdout);
  const number: unknown = expect.any(Number);
  const error = { maxError: number, relativeError: number, ok: true };
  expect(report).toEqual({
    ok: true,
    backend: "cpu",
    outputs: { logits: error, greedy: { maxError: 0, relativeError: 0, ok: true } },
  });
});
