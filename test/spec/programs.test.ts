import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { compile } from "tfmc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../runtime/bundle.js";
import { readText } from "../tidy/files.js";
import { examplesOf } from "./page.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readText("README.md");

/** The pages' programs by their names: what stands behind "```ts". All use the README's model. */
const programs = new Map(
  [readme, readText("docs/guides/use-the-module.md")].flatMap((page) =>
    [...page.matchAll(/^```ts (\S+)\n([\s\S]*?)^```/gm)].map(([, name = "", program = ""]) => [name, program] as const),
  ),
);

/** The README's own folder: inside the project, so that packages are found. */
let folder: string;

beforeAll(async () => {
  mkdirSync(join(root, "build"), { recursive: true });
  folder = mkdtempSync(join(root, "build/readme-"));
  const [model] = examplesOf(readme);
  const { code = "" } = await compile("tiny.tfm", (path) => model?.files.get(path));
  writeFileSync(join(folder, "tiny.ts"), code);
  for (const [name, program] of programs) writeFileSync(join(folder, name), program);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the programs of the README and the guide fit the module that the README's model compiles to", () => {
  expect([...programs.keys()]).toEqual(["main.ts", "page.ts", "weights.ts", "tasks.ts", "text.ts", "compile.ts"]);
  const config = ts.readJsonConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonSourceFileConfigFileContent(config, ts.sys, root);
  const files = ["tiny.ts", ...programs.keys()].map((name) => join(folder, name));
  const program = ts.createProgram(files, options);
  const problems = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});

test("the README's program runs", async () => {
  const script = join(folder, "main.mjs");
  const main = programs.get("main.ts") ?? "";
  writeFileSync(script, await bundle(main.replace("./tiny.js", join(folder, "tiny.ts")), "node"));
  const output = execFileSync(process.execPath, [script], { cwd: folder, encoding: "utf8" });
  const [first, ...tokens] = output.trimEnd().split("\n");
  expect(first).toMatch(/^\w+ \[ 1, 3, 256 \] \[ \[ \d+, \d+, \d+ \] \]$/);
  expect(tokens).toHaveLength(5);
  for (const token of tokens) expect(token).toMatch(/^\d+$/);
});
