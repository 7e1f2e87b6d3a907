#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { runProgram } from "./program.js";
import { badInput } from "./report-error.js";
import { systemReason } from "./system-error.js";

// V8 optimizes a function when it has run for some time, and throws the result away when it meets what it had not met by then. In
// the first second of a checker that is so for most of them: waiting four times as long saves a third of that second.
setFlagsFromString("--interrupt-budget=500000");

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
