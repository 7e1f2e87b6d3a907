// `npm run package:vscode`: the VS Code extension as one file, build/tfmc.vsix, with the language server inside.
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const source = `${root}editors/vscode/`;
const folder = `${root}build/vscode/`;
const packagePath = `${root}build/tfmc.vsix`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(`${folder}dist`, { recursive: true });
for (const name of ["package.json", "README.md", "language-configuration.json", "syntaxes", "snippets"])
  cpSync(`${source}${name}`, `${folder}${name}`, { recursive: true });
copyFileSync(`${root}LICENSE`, `${folder}LICENSE`);

// One version for all that is released together.
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const manifest = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
writeFileSync(`${folder}package.json`, `${JSON.stringify({ ...manifest, version }, undefined, 2)}\n`);

// What the server gives editors to open: the library's files, and the pages about codes.
for (const name of ["compiler/std", "docs/errors"]) {
  mkdirSync(`${folder}${name}`, { recursive: true });
  for (const each of readdirSync(`${root}${name}`).filter((file) => /\.(tfm|md)$/.test(file)))
    copyFileSync(`${root}${name}/${each}`, `${folder}${name}/${each}`);
}

const shared = { bundle: true, platform: "node", target: "node20", minify: true, logLevel: "warning" };
await build({
  ...shared,
  entryPoints: [`${source}extension.ts`],
  outfile: `${folder}dist/extension.cjs`,
  format: "cjs",
  external: ["vscode"],
});
await build({
  ...shared,
  stdin: {
    contents: `import { serve } from "./cli/editor/serve.ts";
      import { optimizeLater } from "./cli/optimize-later.ts";
      optimizeLater();
      serve();`,
    resolveDir: root,
    sourcefile: "server.ts",
  },
  outdir: `${folder}dist`,
  entryNames: "server",
  outExtension: { ".js": ".mjs" },
  format: "esm",
  // The emitter, which is most of it, is loaded when something is compiled.
  splitting: true,
  // Libraries in the older format ask for what only that has.
  banner: {
    js: [
      'import { createRequire as requireFrom } from "node:module";',
      'import { fileURLToPath as pathOf } from "node:url";',
      "const require = requireFrom(import.meta.url), __filename = pathOf(import.meta.url);",
    ].join(" "),
  },
});

await createVSIX({ cwd: folder, packagePath, dependencies: false, allowMissingRepository: true });
console.log(`wrote ${packagePath.slice(root.length)}`);
