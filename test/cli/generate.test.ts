import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { here } from "./here.js";
import { entriesOf, tiny, type Tiny } from "./tiny.js";

const generate = (model: Tiny, ...options: string[]): ReturnType<typeof here> =>
  here("generate", model.file, "--weights", model.weights, "--backend", "cpu", ...options);

/** A tokenizer of whole words: `w0` is token 0. */
function writeTokenizer(model: Tiny): void {
  const vocab = Object.fromEntries(Array.from({ length: 83 }, (_, id) => [`w${id}`, id]));
  const tokenizer = {
    version: "1.0",
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "Whitespace" },
    post_processor: null,
    decoder: null,
    model: { type: "WordLevel", vocab, unk_token: "w0" },
  };
  writeFileSync(join(model.weights, "tokenizer.json"), JSON.stringify(tokenizer));
}

test("greedy token ids are the reference's, and the speed goes to standard error", async () => {
  const model = tiny();
  const due = (await entriesOf(model.io))["out.greedy"]?.numbers ?? [];
  const { status, stdout, stderr } = await generate(
    model,
    "--tokens",
    due.slice(0, 7).join(),
    "--greedy",
    "--max-tokens",
    "14",
  );
  expect(status).toBe(0);
  expect(stdout).toBe(`${due.slice(7).join(" ")} \n`);
  expect(stderr).toMatch(/^14 tokens, [\d.]+ tokens\/s on cpu \(the first after [\d.]+ s\)\n$/);
});

test("sampling repeats with the same seed; options change it", async () => {
  const model = tiny();
  const of = async (...options: string[]): Promise<unknown> => {
    const { stdout } = await generate(model, "--tokens", "5,17", "--max-tokens", "12", "--json", ...options);
    return (JSON.parse(stdout) as { tokens: unknown }).tokens;
  };
  const first = await of("--seed", "1");
  expect(await of("--seed", "1")).toEqual(first);
  expect(await of("--seed", "2")).not.toEqual(first);
  expect(await of("--seed", "1", "--top-k", "1")).toEqual(await of("--greedy"));
  expect(await of("--seed", "1", "--temperature", "50", "--top-p", "1")).not.toEqual(first);
});

test("text is read and written by the checkpoint's tokenizer", async () => {
  const model = tiny();
  writeTokenizer(model);
  const ids = await generate(model, "--tokens", "5,17,3", "--greedy", "--max-tokens", "4", "--json");
  const { tokens } = JSON.parse(ids.stdout) as { tokens: number[] };
  const { stdout } = await generate(model, "--prompt", "w5 w17 w3", "--greedy", "--max-tokens", "4");
  expect(stdout.match(/w\d+/g)).toEqual(tokens.map((token) => `w${token}`));
});

test("text without a tokenizer is one clear error", async () => {
  const model = tiny();
  expect(await generate(model, "--prompt", "hello")).toEqual({
    status: 1,
    stdout: "",
    stderr: `error: ${model.weights} has no tokenizer.json to read --prompt with\n  help: give the prompt as token ids: --tokens 1,2,3\n`,
  });
  expect((await generate(model)).stderr).toBe(
    "error: there is nothing to continue\n  help: give --prompt TEXT, or --tokens 1,2,3\n",
  );
});

test("a file without `generate` is told what to add", async () => {
  const model = tiny();
  writeFileSync(model.file, readFileSync(model.file, "utf8").replace(/^generate .*$/m, ""));
  const { status, stderr } = await generate(model, "--tokens", "1");
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /declares no `generate` for GPT2\n {2}help: add the line: generate gpt2_lm_narrow\.lm over seq \{ sample: greedy \}\n$/,
  );
});

test("Ctrl-C ends it cleanly, with what there is by then", async () => {
  const model = tiny();
  const long = readFileSync(model.file, "utf8").replace("ctx: 29", "ctx: 100000");
  writeFileSync(model.file, long);
  // A context to fill, with random numbers for the positions that the checkpoint does not have.
  const { safetensors } = await import("./safetensors.js");
  const entries = await entriesOf(join(model.weights, "model.safetensors"));
  const wpe = { shape: [100000, 33], numbers: Array.from({ length: 3300000 }, (_, at) => Math.sin(at)) };
  writeFileSync(join(model.weights, "model.safetensors"), safetensors({ ...entries, "transformer.wpe.weight": wpe }));

  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const args = [
    main,
    "generate",
    model.file,
    "--weights",
    model.weights,
    "--tokens",
    "1",
    "--max-tokens",
    "90000",
    "--backend",
    "cpu",
    "--temperature",
    "5",
    "--top-p",
    "1",
  ];
  const child = spawn(process.execPath, args);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(child.stdout, "data");
  child.kill("SIGINT");
  await once(child, "close");
  expect(stderr).toMatch(/^\d+ tokens?(, [\d.]+ tokens\/s)? on cpu \(the first after [\d.]+ s\)\n$/);
  expect(child.exitCode).toBe(130);
});
