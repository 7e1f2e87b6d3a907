#!/usr/bin/env node
import { optimizeLater } from "./optimize-later.js";
import { runProgram } from "./program.js";
import { badInput } from "./report-error.js";
import { systemReason } from "./system-error.js";

optimizeLater();

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads our output may have enough of it (`tfmc ... | head`).
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`error: cannot write standard output: ${systemReason(error) ?? error.message}\n`);
  process.exit(badInput);
});

const status = await runProgram(process.argv.slice(2));

// A backend may keep handles open that would keep the process alive; what was printed must be out before it ends.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
process.exit(status);
