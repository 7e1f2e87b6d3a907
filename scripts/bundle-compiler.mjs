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

const shared = { allowOverwrite: true, bundle: true, format: "esm", target: "es2022", logLevel: "warning" };

await build({
  ...shared,
  entryPoints: [`${dist}compiler/index.js`, `${dist}language-server/index.js`],
  outdir: dist,
  chunkNames: "compiler/[name]-[hash]",
  // What is imported when it is needed, the emitter, stays apart.
  splitting: true,
  platform: "neutral",
  packages: "external",
});

// The process of `tfmc lsp`, with the library that speaks the protocol, which alone is seventy modules.
await build({
  ...shared,
  entryPoints: [`${dist}cli/editor/serve.js`],
  outdir: `${dist}cli/editor`,
  external: [`${dist}compiler/*`],
  platform: "node",
  // The library is written in the older format.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
});
