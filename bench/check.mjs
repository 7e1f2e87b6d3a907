// Checking 8,000 lines: for the first time in a fresh process, and again after each of 300 edits of one token.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { largeFile, largePeer } from "./large-file.mjs";
import { atShare, median } from "./statistics.mjs";

const lines = 8_000;
const rounds = 5;
const task = fileURLToPath(new URL("check-task.mjs", import.meta.url));
const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "tfmc-bench-"));

/** Seconds of a whole process, and what it printed. */
function run(...args) {
  const started = process.hrtime.bigint();
  // Where no other project is in reach, whose settings would count.
  const output = execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 24 });
  return { seconds: Number(process.hrtime.bigint() - started) / 1e9, output };
}

try {
  const file = join(folder, "models.tfm");
  const peer = join(folder, "models.ts");
  writeFileSync(file, largeFile(lines));
  writeFileSync(peer, largePeer(lines));
  const own = [];
  const whole = [];
  const other = [];
  // In turns, so that a slow moment of the machine falls on both.
  for (let round = 0; round < rounds; round++) {
    const { seconds, output } = run(task, file);
    own.push(JSON.parse(output).cold / 1e3);
    whole.push(seconds);
    other.push(run(tsc, "--noEmit", "--strict", "--target", "es2022", peer).seconds);
  }
  const { times } = JSON.parse(run(task, file, "150").output);
  console.log(
    JSON.stringify([
      { name: "8,000 lines, cold", unit: "s", value: median(own), aim: { atMost: 0.4 } },
      { name: "8,000 lines, whole process", unit: "s", value: median(whole) },
      { name: "tsc, 8,000 lines of TypeScript, whole process", unit: "s", value: median(other) },
      { name: "an edit in 8,000 lines, median", unit: "ms", value: median(times) },
      { name: "an edit in 8,000 lines, 95 %", unit: "ms", value: atShare(times, 0.95), aim: { atMost: 20 } },
    ]),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
