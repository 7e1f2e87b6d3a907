import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { backendNames } from "tfmc/runtime";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { verify } from "../../cli/verify/verify.js";
import { tfmc } from "../cli/tfmc.js";
import { caseFolder, caseNames, ioOf } from "./case-folders.js";

/** Checkpoints whose greedy decoding the reference did not keep. */
const withoutGreedy = new Set(["llama3_rope_scaling", "qwen2_lm"]);

const folder = mkdtempSync(join(tmpdir(), "tfmc-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the cases that everyone knows are here, and variants of each", () => {
  const known = ["gpt2_lm", "llama_lm", "llama3_rope_scaling", "mistral_lm", "qwen2_lm", "qwen3_lm"];
  for (const name of known) {
    expect(caseNames).toContain(name);
    expect(caseNames.some((variant) => variant.startsWith(`${name}_`))).toBe(true);
  }
});

describe.each(caseNames)("%s", (name) => {
  const path = join(folder, `${name}.tfm`);

  test("is imported without a word", () => {
    const { text, notes, problems } = importCheckpoint(caseFolder(name), path);
    expect({ notes, problems }).toEqual({ notes: [], problems: [] });
    writeFileSync(path, text);
  });

  test.each(backendNames)("gives the reference's numbers on %s", async (backend) => {
    const options = { weights: caseFolder(name), io: ioOf(name), tolerance: 1e-4, backend };
    const report = await verify(path, options);
    expect(report).toMatchObject({ ok: true, backend, notes: [], outputs: { logits: { ok: true } } });
    if (withoutGreedy.has(name)) expect(report.outputs).not.toHaveProperty("greedy");
    else expect(report.outputs["greedy"]).toMatchObject({ ok: true, maxError: 0, relativeError: 0 });
  });
});

test("the command that anyone can repeat", () => {
  const path = join(folder, "repeated.tfm");
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
