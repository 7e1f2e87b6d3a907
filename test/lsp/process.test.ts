import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../cli/temporary-folder.js";
import { clientOf } from "./client.js";
import { example } from "./example.js";

/** Of a busy machine. */
const patience = { timeout: 30_000 };

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** The command as an editor starts it. `npm test` builds it first. */
async function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, "lsp", ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, errors, ended, client: await clientOf(child.stdout, child.stdin) };
}

const uriOf = (folder: string, name: string): string => pathToFileURL(join(folder, name)).href;

test.each([[[]], [["--stdio"]], [["--stdio", "--clientProcessId=1"]]])(
  "tfmc lsp %j serves an editor until it says that it is done",
  async (args) => {
    const { client, ended, errors } = await start(...args);
    const uri = uriOf("/models", "gpt2.tfm");
    await client.open(uri, example("gpt2.tfm"));
    expect((await client.diagnostics(uri, 1)).diagnostics).toEqual([]);
    await client.stop();
    expect(await ended).toBe(0);
    expect(errors).toEqual([]);
  },
);

test("it ends with the editor", async () => {
  const { child, ended } = await start();
  child.stdin.end();
  expect(await ended).toBe(1);
});

test("what is no message is no reason to end", async () => {
  const { child, client, ended } = await start();
  child.stdin.write('Content-Length: 5\r\n\r\n{"a":');
  child.stdin.write("Content-Length: 2\r\n\r\n{}");
  child.stdin.write('Content-Length: 38\r\n\r\n{"jsonrpc":"2.0","method":"$/unknown"}');
  const uri = uriOf("/models", "gpt2.tfm");
  await client.open(uri, "block A[n](x: f32[n]) -> f32[n] {}\n");
  expect((await client.diagnostics(uri, 1)).diagnostics).not.toEqual([]);
  await client.stop();
  expect(await ended).toBe(0);
});

test("imports are read from the folder, and from what is open; what comes and goes there is noticed", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "lib", "parts.tfm"), "block Part[n](x: f32[n]) -> f32[n] {\n  return y\n}\n");
  const text = 'import { Part } from "./lib/parts.tfm"\nblock Whole[n](x: f32[n]) -> f32[n] {\n  return x |> Part\n}\n';
  const { client, ended } = await start();
  const [whole, parts] = [uriOf(folder, "whole.tfm"), uriOf(folder, "lib/parts.tfm")];
  const codesOf = async (uri: string, version?: number): Promise<unknown[]> =>
    (await client.diagnostics(uri, version)).diagnostics.map(({ code }) => code);

  await client.open(whole, text);
  expect(await codesOf(whole, 1)).toEqual([]);
  // What is wrong with a file that is not open is told where it is.
  expect(await codesOf(parts)).toEqual(["N102"]);

  await client.open(parts, "block Part[n](x: f32[n]) -> f32[n, n] {\n  return outer(x, x)\n}\n");
  await client.change(parts, 2, "block Part[n](x: f32[n]) -> f32[n] {\n  return x\n}\n");
  expect(await codesOf(parts, 2)).toEqual([]);
  await client.change(parts, 3, "block Other[n](x: f32[n]) -> f32[n] {\n  return x\n}\n");
  await expect.poll(() => codesOf(whole), patience).toEqual(["N102"]);
  await client.close(parts);
  await expect.poll(() => codesOf(whole), patience).toEqual([]);
  await expect.poll(() => codesOf(parts), patience).toEqual(["N102"]);

  rmSync(join(folder, "lib"), { recursive: true });
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: parts, type: 3 }] });
  await expect.poll(() => codesOf(whole), patience).toEqual(["N105"]);
  await expect.poll(() => codesOf(parts), patience).toEqual([]);
  expect(client.log).toEqual([]);
  await client.stop();
  expect(await ended).toBe(0);
});
