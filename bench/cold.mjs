// `tfmc check` and `tfmc compile` as whole processes, from the start of Node to its end.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const rounds = 15;

function seconds(args) {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")}: ${stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

const folder = mkdtempSync(join(tmpdir(), "tfmc-bench-"));
try {
  const commands = {
    bare: ["-e", "0"],
    check: ["dist/cli/main.js", "check", "examples/gpt2.tfm"],
    compile: ["dist/cli/main.js", "compile", "examples/gpt2.tfm", "-o", join(folder, "gpt2.ts")],
  };
  const times = { bare: [], check: [], compile: [] };
  // In turns, so that a slow moment of the machine falls on all of them; the first round only fills the disk's cache.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, args] of Object.entries(commands)) {
      const time = seconds(args);
      if (round > 0) times[name].push(time);
    }
  }
  const [bare, check, compile] = [times.bare, times.check, times.compile].map(median);
  console.log(
    JSON.stringify([
      { name: "cold node -e 0", unit: "s", value: bare },
      { name: "cold tfmc check", unit: "s", value: check, aim: { atMost: 0.25 } },
      { name: "cold tfmc compile", unit: "s", value: compile, aim: { atMost: 1.2 } },
    ]),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
