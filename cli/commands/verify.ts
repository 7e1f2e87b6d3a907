import type { Command } from "commander";
import {
  addBackendOption,
  addConfigOptions,
  addJsonOption,
  realNumber,
  several,
  type ConfigOptions,
} from "../options.js";
import { printJson } from "../print-json.js";
import { badInput } from "../report-error.js";
import type { VerifyReport } from "../verify/verify.js";

const examples = `
Examples:
  tfmc verify gpt2.tfm --weights gpt2/ --io gpt2/io.safetensors
  tfmc verify gpt2.tfm --weights gpt2/ --io gpt2/io.safetensors --tolerance 1e-4 --backend webgpu --json

The inputs are the file's in.NAME, the outputs its out.NAME. A model that remembers is called once for each entry of an axis
that an input has in front of the declared ones. An output passes where its largest error, over its largest
magnitude, is at most the tolerance. out.greedy holds a prompt and what the reference decoded from it. Exit status 1
where an output does not pass.`;

interface Options extends ConfigOptions {
  readonly weights: string;
  readonly io: string;
  readonly tolerance: number;
  readonly task?: string;
  readonly tap?: readonly string[];
  readonly backend?: string;
  readonly json?: boolean;
}

export function declare(command: Command): void {
  command
    .description("Runs a model on reference inputs and compares every output it declares, greedy decoding included.")
    .argument("<file>", "the .tfm file")
    .requiredOption("--weights <path>", "the checkpoint: a folder, a .safetensors file, or a model of the Hub")
    .requiredOption("--io <file>", "the reference inputs and outputs: a .safetensors file")
    .option("--tolerance <t>", "the largest relative error that passes", realNumber(0, Infinity), 1e-4)
    .option("--task <name>", "the only task to verify")
    .option("--tap <address>", "compare what a layer gives with out.ADDRESS too; may be given again", several);
  addConfigOptions(command);
  addBackendOption(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(async (file: string, options: Options) => {
    const { verify } = await import("../verify/verify.js");
    const report = await verify(file, options);
    for (const note of report.notes) process.stderr.write(`note: ${note}\n`);
    if (options.json) printJson(forPrograms(report));
    else process.stdout.write(forPeople(report, options.tolerance));
    if (!report.ok) process.exitCode = badInput;
  });
}

/** What is not a number, JSON has as null. */
function forPrograms({ ok, backend, outputs }: VerifyReport): object {
  const entries = Object.entries(outputs).map(([name, { maxError, relativeError, ok }]) => {
    return [name, { maxError, relativeError, ok }] as const;
  });
  return { ok, backend, outputs: Object.fromEntries(entries) };
}

function forPeople({ ok, backend, outputs }: VerifyReport, tolerance: number): string {
  const width = Math.max(...Object.keys(outputs).map((name) => name.length));
  const lines = Object.entries(outputs).map(([name, { relativeError, ok, remark }]) => {
    const error =
      name === "greedy" ? (ok ? "the same" : "differs") : `relative error ${relativeError.toExponential(1)}`;
    return `${ok ? "ok  " : "FAIL"}  ${name.padEnd(width)}  ${error}  (${remark})`;
  });
  const verdict = ok ? "within" : "NOT within";
  return [...lines, `${verdict} a relative error of ${tolerance} on ${backend}`, ""].join("\n");
}
