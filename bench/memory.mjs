// The most memory that loading a checkpoint of GPT-2 small's size takes, beyond a process that only starts the runtime.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withGpt2 } from "./gpt2-module.mjs";
import { median } from "./statistics.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const rounds = 3;

/** Runs a process; gives the number that it prints. */
function node(args) {
  const task = fileURLToPath(new URL("memory-task.mjs", import.meta.url));
  return Number(execFileSync(process.execPath, [task, ...args], { cwd: root, encoding: "utf8" }));
}

const folder = mkdtempSync(join(tmpdir(), "tfmc-bench-"));
try {
  await withGpt2((module) => {
    const file = join(folder, "model.safetensors");
    node(["save", module, file]);
    const size = statSync(file).size;
    const results = ["wasm", "cpu"].flatMap((backend) => {
      const [bare, loaded] = ["start", "load"].map((task) =>
        median(Array.from({ length: rounds }, () => node([task, module, file, backend]))),
      );
      const aim = { atMost: (1.2 * size) / 1e6 + 300 };
      return [
        { name: `the bare runtime, ${backend}`, unit: "MB", value: bare / 1e6 },
        { name: `loading ${Math.round(size / 1e6)} MB, ${backend}`, unit: "MB", value: (loaded - bare) / 1e6, aim },
      ];
    });
    console.log(JSON.stringify(results));
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
