// Joins the built compiler, and the language server that is built on it, into few files: Node spends half of a `tfmc check` on
// finding and opening a hundred small modules. Both are pure, so nothing in them depends on where their files lie; their
// declarations stay as tsc wrote them.
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

for (const name of readdirSync(`${dist}compiler`)) {
  if (/-[A-Z0-9]{8}\.js$/.test(name)) rmSync(`${dist}compiler/${name}`);
}

await build({
  entryPoints: [`${dist}compiler/index.js`, `${dist}language-server/index.js`],
  outdir: dist,
  chunkNames: "compiler/[name]-[hash]",
  allowOverwrite: true,
  bundle: true,
  // What is imported when it is needed, the emitter, stays apart.
  splitting: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  packages: "external",
  logLevel: "warning",
});
