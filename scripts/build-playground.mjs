// Builds the playground: static files below build/playground, which any host can serve below any path. `--serve` builds again after
// each change and serves them on this machine; `npm run playground` does that.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";

const source = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const out = source("build/playground");

/** Everything that is not a script. */
function copyFiles() {
  const files = [
    ...["index.html", "style.css", "icon.svg", "checkpoints"].map((name) => [`playground/${name}`, name]),
    ["examples", "examples"],
    ["playground/examples", "examples"],
    ["docs/errors", "errors"],
    ["node_modules/@tensorflow/tfjs-backend-wasm/wasm-out", "wasm"],
  ];
  for (const [from, to] of files) {
    cpSync(source(from), `${out}/${to}`, { recursive: true, filter: (path) => !/\.(ts|js|d\.ts)$/.test(path) });
  }
}

/** The emitter's `prettier` finds its parsers on a disk; in a browser it is given them. */
const prettierInBrowser = {
  name: "prettier in a browser",
  setup: (build) =>
    build.onResolve({ filter: /^prettier$/ }, () => ({ path: source("playground/workers/prettier.ts") })),
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
copyFiles();
const building = await context({
  entryPoints: {
    main: source("playground/main.ts"),
    language: source("language-server/worker.ts"),
    compiler: source("playground/workers/compiler.ts"),
    runner: source("playground/workers/runner.ts"),
  },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  logLevel: "warning",
  alias: { "#platform": source("runtime/platform/browser.ts") },
  plugins: [prettierInBrowser],
});
if (process.argv.includes("--serve")) {
  await building.watch();
  const { port } = await building.serve({ servedir: out, host: "localhost", port: 5173 });
  console.log(`The playground is on http://localhost:${port}/ until you press Ctrl-C.`);
} else {
  await building.rebuild();
  await building.dispose();
  console.log("wrote build/playground");
}
