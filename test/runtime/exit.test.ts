import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { bundle } from "./bundle.js";

const script = (end: string): string => `
  import * as tf from "@tensorflow/tfjs-core";
  import { read, useBackend } from "tfmc/runtime";
  const { name } = await useBackend(process.argv[2]);
  const values = await read(tf.add(tf.tensor1d([1, 2]), 1));
  console.log(name, values.join());
  ${end}
`;

/** Within the package, so that the packages are found. */
async function scriptFile(name: string, end: string): Promise<string> {
  const folder = fileURLToPath(new URL("../../node_modules/.cache/tfmc-exit/", import.meta.url));
  await mkdir(folder, { recursive: true });
  const file = `${folder}${name}.mjs`;
  await writeFile(file, await bundle(script(end), "node"));
  return file;
}

describe("a process that has computed", () => {
  it.each([
    ["webgpu", ""],
    ["webgpu", "process.exit(0);"],
    ["wasm", ""],
    ["wasm", "process.exit(0);"],
    ["cpu", ""],
  ])("on %s ends in peace: %s", async (backend, end) => {
    const file = await scriptFile(`${backend}${end.length}`, end);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, backend]);
    await rm(file);
    expect(stdout).toBe(`${backend} 2,3\n`);
    if (backend !== "webgpu") expect(stderr).toBe("");
  });

  it("on wasm fails by its own error alone", async () => {
    const file = await scriptFile("wasm-throws", 'throw new Error("mine");');
    const failure: unknown = await promisify(execFile)(process.execPath, [file, "wasm"]).catch(
      (error: unknown) => error,
    );
    await rm(file);
    expect(failure).toMatchObject({ code: 1 });
    expect(String(failure)).toContain("Error: mine");
    expect(String(failure)).not.toContain("tfjs-backend-wasm");
  });
});
