// Joins the built compiler into few files: Node spends half of a `tfmc check` on finding and opening a hundred small modules.
// The compiler is pure, so nothing in it depends on where its files lie; its declarations stay as tsc wrote them.
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

for (const name of readdirSync(`${dist}compiler`)) {
  if (/-[A-Z0-9]{8}\.js$/.test(name)) rmSync(`${dist}compiler/${name}`);
}

await build({
  entryPoints: [`${dist}compiler/index.js`],
  outdir: `${dist}compiler`,
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
