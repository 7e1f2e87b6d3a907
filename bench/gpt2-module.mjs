// The example as a JavaScript module, compiled by the command that users have.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Calls `use` with the path of the module; what was written is removed after. */
export async function withGpt2(use) {
  // Inside the package, so that the module finds `tfmc/runtime` and the tfjs that it uses.
  const folder = mkdtempSync(`${root}dist/bench-`);
  try {
    const source = `${folder}/gpt2.ts`;
    execFileSync(process.execPath, ["dist/cli/main.js", "compile", "examples/gpt2.tfm", "-o", source], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const { outputText } = ts.transpileModule(readFileSync(source, "utf8"), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const path = `${folder}/gpt2.mjs`;
    writeFileSync(path, outputText);
    return await use(pathToFileURL(path).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
