/** A thread that does, in place of checking, what its input is called: to see that each is noticed. */
import { parentPort } from "node:worker_threads";
import type { Input } from "./corpus.js";

const deeds: Readonly<Record<string, () => void>> = {
  hang: () => {
    for (;;);
  },
  eat: () => {
    const eaten: number[][] = [];
    for (;;) eaten.push(Array.from({ length: 100_000 }, () => Math.random()));
  },
  throw: () => {
    throw new Error("thrown");
  },
};

parentPort?.on("message", ({ files }: Input) => {
  for (const name of files.keys()) deeds[name]?.();
  parentPort?.postMessage({ faults: [], problems: [], milliseconds: 0 });
});
