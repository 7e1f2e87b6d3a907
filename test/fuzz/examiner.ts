/**
 * Examines inputs in a thread of its own, with bounded memory and under a watchdog: a compiler that hangs or runs out of
 * memory or stack is a fault of that input, and the next one gets a fresh thread.
 */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { Input } from "./corpus.js";
import type { Examined } from "./faults.js";

export interface Report extends Examined {
  readonly milliseconds: number;
}

export interface Examiner {
  readonly examine: (input: Input) => Promise<Report>;
  readonly close: () => Promise<void>;
}

/** What one input may take, the time being the processor's: on a busy machine the clock says nothing. */
export const limits = { megabytes: 512, milliseconds: 20_000 };

export async function startExaminer(
  script: "worker.ts" | "faulty-worker.ts" = "worker.ts",
  milliseconds = limits.milliseconds,
): Promise<Examiner> {
  const code = await bundled(script);
  // The stack of a program's main thread, which is smaller than what a worker has of its own.
  const resourceLimits = { maxOldGenerationSizeMb: limits.megabytes, stackSizeMb: 1 };
  let answer: (report: Report) => void = () => undefined;
  const start = (): Worker => {
    const started = new Worker(code, { eval: true, resourceLimits });
    started.on("message", (report: Report) => answer(report));
    started.on("error", (error: Error) => started === worker && giveUp(`the thread ended: ${error.message}`));
    return started;
  };
  let worker = start();
  const giveUp = (fault: string): void => {
    void worker.terminate();
    worker = start();
    answer({ faults: [fault], problems: [], milliseconds });
  };
  const examineOne = async (input: Input): Promise<Report> => {
    const before = process.cpuUsage();
    const watchdog = setInterval(() => {
      const { user, system } = process.cpuUsage(before);
      if ((user + system) / 1000 > milliseconds) giveUp(`no answer in ${milliseconds} ms`);
    }, 250);
    const report = await new Promise<Report>((resolve) => {
      answer = resolve;
      worker.postMessage(input);
    });
    clearInterval(watchdog);
    return report;
  };
  return { examine: examineOne, close: async () => void (await worker.terminate()) };
}

async function bundled(script: string): Promise<string> {
  const entry = fileURLToPath(new URL(script, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    packages: "external",
    logLevel: "silent",
  });
  const [output] = outputFiles;
  if (!output) throw new Error("a bundle is one file");
  return output.text;
}
