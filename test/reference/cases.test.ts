import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { backendNames } from "tfmc/runtime";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { temporaryFolder } from "../cli/temporary-folder.js";
import { tfmc } from "../cli/tfmc.js";
import { caseFolder, caseNames, ioOf } from "./case-folders.js";
import { ioWithoutGreedy, verifyCase, webgpuTimeout } from "./verify-case.js";

const published = ["gpt2_lm", "llama_lm", "llama3_rope_scaling", "mistral_lm", "qwen2_lm", "qwen3_lm"];
/** Checkpoints whose greedy decoding the reference did not keep. */
const undecoded = ["llama3_rope_scaling", "qwen2_lm"];

test("the cases that everyone knows are here, and variants of each", () => {
  for (const name of published) {
    expect(caseNames).toContain(name);
    expect(caseNames.some((variant) => variant.startsWith(`${name}_`))).toBe(true);
  }
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
      // Variants decode on the fast backends; cases.full.test.ts has the rest.
      const decodes = !undecoded.includes(name) && (backend !== "webgpu" || published.includes(name));
      const io = decodes ? ioOf(name) : await ioWithoutGreedy(name, folder);
      const report = await verifyCase(name, backend, folder, io);
      const logits: unknown = expect.objectContaining({ ok: true });
      const greedy: unknown = expect.objectContaining({ ok: true, maxError: 0, relativeError: 0 });
      const outputs = { logits, ...(decodes && { greedy }) };
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
