/** Values of a run by their addresses. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attentionPage } from "../../cli/attention/page.js";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { runTask } from "../../cli/run/run-task.js";
import type { Output } from "../../cli/run/write-output.js";
import { verify } from "../../cli/verify/verify.js";
import { caseFolder, ioOf } from "../reference/case-folders.js";
import { here } from "./here.js";
import { safetensors } from "./safetensors.js";
import { temporaryFolder } from "./temporary-folder.js";
import { entriesOf } from "./tiny.js";

/** The outputs of a reference case, and what is tapped, by name. */
async function outputs(name: string, tap: readonly string[], backend = "cpu"): Promise<Map<string, Output>> {
  const path = join(temporaryFolder(), `${name}.tfm`);
  writeFileSync(path, importCheckpoint(caseFolder(name), path).text);
  const options = { weights: caseFolder(name), input: [ioOf(name)], backend, tap };
  const { outputs, tapped } = await runTask(path, options);
  return new Map([...outputs, ...tapped].map((output) => [output.name, output]));
}

test.each(["gpt2_lm", "llama_lm", "mistral_lm"])("%s gives the same with everything tapped", async (name) => {
  const plain = await outputs(name, []);
  const tapped = await outputs(name, ["**"]);
  expect([...plain.keys()]).toEqual(["logits"]);
  expect(tapped.get("logits")).toEqual(plain.get("logits"));
  expect(tapped.size).toBeGreaterThan(10);
});

test("attention is a share of each key that a query sees", async () => {
  const found = await outputs("mistral_lm", ["layers.*.self_attn.attention"]);
  expect([...found.keys()].slice(1)).toEqual(["layers.0.self_attn.attention", "layers.1.self_attn.attention"]);
  const weights = found.get("layers.1.self_attn.attention");
  const keys = weights?.shape.at(-1) ?? 0;
  const rows = Array.from({ length: (weights?.data.length ?? 0) / keys }, (_, n) =>
    Array.from(weights?.data.slice(n * keys, (n + 1) * keys) ?? []),
  );
  expect(rows.length).toBeGreaterThan(keys);
  for (const [n, row] of rows.entries()) {
    const query = n % keys;
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    // The window of this checkpoint is 5.
    expect(row.map((share) => share > 0)).toEqual(row.map((_, key) => key <= query && query - key < 5));
  }
});

test("layers are found by their addresses, and what is not there is told", async () => {
  const found = await outputs("gpt2_lm", ["h.1", "h.*.attn"]);
  expect([...found].map(([name, { shape }]) => [name, shape.length])).toEqual([
    ["logits", 3],
    ["h.0.attn", 3],
    ["h.1.attn", 3],
    ["h.1", 3],
  ]);
  await expect(outputs("gpt2_lm", ["h.1.atn"])).rejects.toThrow("nothing of this task has the address h.1.atn");
  await expect(outputs("gpt2_lm", ["h.1.atn"])).rejects.toMatchObject({ help: "did you mean h.1.attn?" });
});

test("attention is drawn as a page of its own, with the tokens as texts", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "gpt2.tfm");
  writeFileSync(path, importCheckpoint(caseFolder("gpt2_lm"), path).text);
  const page = join(folder, "attention.html");
  const args = [
    "--weights",
    caseFolder("gpt2_lm"),
    "--input",
    ioOf("gpt2_lm"),
    "--backend",
    "cpu",
    "--attention",
    page,
  ];
  const { status, stdout } = await here("run", path, ...args);
  expect({ status, lines: stdout.split("\n").slice(1) }).toEqual({ status: 0, lines: [`wrote ${page}`, ""] });
  const text = readFileSync(page, "utf8");
  expect(text).not.toMatch(/(src|href)=/);
  const data: unknown = JSON.parse(/id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? "");
  expect(data).toMatchObject({ maps: [{ address: "h.0.attn.attention" }, { address: "h.1.attn.attention" }] });
});

test("texts of the page cannot be markup", () => {
  const evil = '</script><script>alert("1")</script>&';
  const page = attentionPage({ title: evil, maps: [], tokens: [[[evil]]] });
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).toContain("<title>&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;</title>");
});

test("verify compares what is tapped with the reference", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "gpt2.tfm");
  writeFileSync(path, importCheckpoint(caseFolder("gpt2_lm"), path).text);
  const { "out.greedy": _, ...entries } = await entriesOf(ioOf("gpt2_lm"));
  const found = (await outputs("gpt2_lm", ["h.0"])).get("h.0");
  if (!found) throw new Error("h.0 is not there");
  const first = { shape: found.shape, numbers: [...found.data] };
  const io = join(folder, "io.safetensors");
  writeFileSync(io, safetensors({ ...entries, "out.h.0": first, "out.h.1": first }));
  const report = await verify(path, {
    weights: caseFolder("gpt2_lm"),
    io,
    tolerance: 1e-4,
    backend: "cpu",
    tap: ["h.*"],
  });
  expect(Object.entries(report.outputs).map(([name, { ok }]) => [name, ok])).toEqual([
    ["logits", true],
    ["h.0", true],
    ["h.1", false],
  ]);
  expect(report.notes).toEqual([]);
});

test("the command prints what is tapped behind the outputs", async () => {
  const path = join(temporaryFolder(), "gpt2.tfm");
  writeFileSync(path, importCheckpoint(caseFolder("gpt2_lm"), path).text);
  const args = ["--weights", caseFolder("gpt2_lm"), "--input", ioOf("gpt2_lm"), "--backend", "cpu"];
  const { stdout, status } = await here("run", path, ...args, "--tap", "h.0.attn.attention", "--tap", "h.0");
  expect(status).toBe(0);
  expect(stdout.split("\n").map((line) => line.split("  ")[0])).toEqual(["logits", "h.0.attn.attention", "h.0", ""]);
});
