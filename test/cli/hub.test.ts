import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { readHubId } from "../../cli/hub/hub-id.js";
import { snapshot } from "../../cli/hub/snapshot.js";
import { caseFolder, ioOf } from "../reference/case-folders.js";
import { here } from "./here.js";
import { commit, startHub, type Hub } from "./hub-server.js";
import { temporaryFolder } from "./temporary-folder.js";

const content = (path: string): Uint8Array => readFileSync(join(caseFolder("gpt2_lm"), path));
const files = { "config.json": content("config.json"), "model.safetensors": content("model.safetensors") };
const id = { name: "someone/small", revision: "main" };

function fetched(): { lines: string[]; tell: (line: string) => void } {
  const lines: string[] = [];
  return { lines, tell: (line) => void lines.push(line) };
}

const downloads = ({ asked }: Hub): string[] => asked.flatMap((line) => /resolve\/\w+\/(.*)$/.exec(line)?.[1] ?? []);

test("a model is named by its owner and itself, and perhaps a revision", () => {
  expect(readHubId("openai-community/gpt2")).toEqual({ name: "openai-community/gpt2", revision: "main" });
  expect(readHubId("a/b.c@refs/pr/1")).toEqual({ name: "a/b.c", revision: "refs/pr/1" });
  for (const text of ["gpt2", "./a/b", "/a/b", "a/b/c", "a/b/", "../b", "a/..", "a/b@", "a/b@..", "a b/c", ""])
    expect(readHubId(text), text).toBeUndefined();
});

test("import and verify take a model of the Hub", async () => {
  const hub = await startHub(files);
  const output = join(temporaryFolder(), "small.tfm");
  const imported = await here("import", "someone/small@v1", "-o", output);
  expect(imported).toEqual({
    status: 0,
    stdout: `wrote ${output}\n`,
    stderr: "fetching config.json of someone/small, 1 kB\n",
  });
  expect(downloads(hub)).toEqual(["config.json"]);
  expect(readFileSync(output, "utf8")).toContain('weights GPT2 from "someone/small@v1" {');
  const args = ["--weights", "someone/small", "--io", ioOf("gpt2_lm"), "--backend", "cpu"];
  expect((await here("verify", output, ...args)).status).toBe(0);
  expect(downloads(hub)).toEqual(["config.json", "model.safetensors"]);
});

test("what was fetched is kept as the tools of Hugging Face keep it, and is not fetched again", async () => {
  const hub = await startHub({ ...files, "pytorch_model.bin": content("config.json") });
  const { tell } = fetched();
  const folder = await snapshot(id, "checkpoint", tell);
  const models = join(hub.cache, "models--someone--small");
  expect(folder).toBe(join(models, "snapshots", commit));
  expect(readdirSync(folder).sort()).toEqual(["config.json", "model.safetensors"]);
  expect(readFileSync(join(folder, "model.safetensors"))).toEqual(Buffer.from(files["model.safetensors"]));
  expect(readFileSync(join(models, "refs/main"), "utf8")).toBe(commit);
  expect(readdirSync(join(models, "blobs"))).toHaveLength(2);
  await snapshot(id, "checkpoint", tell);
  expect(downloads(hub)).toHaveLength(2);
});

test("a download that broke off goes on where it ended", async () => {
  const hub = await startHub(files);
  hub.breakAfter = 10;
  const { tell } = fetched();
  await expect(snapshot({ ...id, revision: commit }, "description", tell)).rejects.toThrow(/cannot reach http/);
  const folder = await snapshot({ ...id, revision: commit }, "description", tell);
  expect(hub.asked.at(-1)).toMatch(/config\.json bytes=\d+-$/);
  expect(readFileSync(join(folder, "config.json"))).toEqual(Buffer.from(files["config.json"]));
});

test("a file that is not what the Hub says is not kept", async () => {
  const hub = await startHub(files);
  const blobs = join(hub.cache, "models--someone--small/blobs");
  hub.breakAfter = 10;
  const { tell } = fetched();
  await expect(snapshot(id, "checkpoint", tell)).rejects.toThrow();
  await snapshot(id, "description", tell);
  hub.breakAfter = 1000;
  await expect(snapshot(id, "checkpoint", tell)).rejects.toThrow(/cannot reach/);
  const part = readdirSync(blobs).find((name) => name.endsWith(".incomplete")) ?? "";
  const size = readFileSync(join(blobs, part)).length;
  writeFileSync(join(blobs, part), new Uint8Array(size));
  await expect(snapshot(id, "checkpoint", tell)).rejects.toThrow(/is not what the Hub says it is/);
  expect(existsSync(join(blobs, part))).toBe(false);
});

test("without a connection, what was fetched before serves", async () => {
  const hub = await startHub(files);
  const { lines, tell } = fetched();
  const folder = await snapshot(id, "description", tell);
  hub.close();
  expect(await snapshot(id, "description", tell)).toBe(folder);
  expect(lines.at(-1)).toBe("the Hub cannot be reached: someone/small is taken as it was fetched before");
  await expect(snapshot({ ...id, revision: "v2" }, "description", tell)).rejects.toThrow(/^cannot reach http:/);
});

test("a token is sent; a model that is not there is told", async () => {
  const hub = await startHub(files);
  vi.stubEnv("HF_TOKEN", "hf_abc");
  const { status, stderr } = await here("import", "someone/large");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: http:\/\/127\.0\.0\.1:\d+ gives no model someone\/large \(status 401\)\n/);
  expect(hub.asked).toEqual(["GET /api/models/someone/large/revision/main Bearer hf_abc"]);
});
