import type { Command } from "commander";
import { addConfigOptions, addJsonOption, wholeNumber, type ConfigOptions } from "../options.js";
import { printJson } from "../print-json.js";

const examples = `
Examples:
  tfmc summary gpt2.tfm
  tfmc summary gpt2.tfm --config gpt2_xl --seq 128
  tfmc summary gpt2.tfm --json`;

interface Options extends ConfigOptions {
  readonly seq: number;
  readonly json?: boolean;
}

export function declare(command: Command): void {
  command
    .description("Counts a model's parameters, bytes and FLOPs, label by label, as formulas and as numbers.")
    .argument("<file>", "the .tfm file")
    .option("--seq <n>", "the sequence length to count FLOPs for", wholeNumber(1), 1024);
  addConfigOptions(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(summarize);
}

async function summarize(file: string, options: Options): Promise<void> {
  const { lowerForOptions } = await import("../compile-file.js");
  const { summarise, summaryJson } = await import("../../compiler/index.js");
  const summary = summarise(lowerForOptions(file, options), options.seq);
  if (options.json) {
    printJson(summaryJson(summary, options.seq));
    return;
  }
  const { summaryTable } = await import("../summary/table.js");
  process.stdout.write(summaryTable(summary, options.seq));
}
