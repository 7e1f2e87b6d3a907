/** A thread that examines the inputs it is sent; `examiner.ts` starts it, and ends it where an input takes too long. */
import { parentPort } from "node:worker_threads";
import type { Input } from "./corpus.js";
import { examine } from "./faults.js";

parentPort?.on("message", (input: Input) => {
  const start = process.cpuUsage();
  const examined = examine(input);
  // Of the processor: on a busy machine the clock says nothing.
  const { user, system } = process.cpuUsage(start);
  parentPort?.postMessage({ ...examined, milliseconds: (user + system) / 1000 });
});
