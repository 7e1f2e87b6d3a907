// `npm start`: installs what is missing, builds, and shows what the project does.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./ensure-installed.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Runs one Node program from the root, and ends this one with its exit status where it fails. */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

if (!ensureInstalled()) {
  console.error("The dependencies could not be installed; see npm's message above.");
  process.exit(1);
}
process.stdout.write("Building tfmc ... ");
const started = performance.now();
run("scripts/embed-std.mjs");
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
run("scripts/bundle-compiler.mjs");
console.log(`done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
run("scripts/show.mjs");
