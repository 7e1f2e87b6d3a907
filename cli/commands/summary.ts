import type { Command } from "commander";
import { Failure } from "../failure.js";
import { addConfigOptions, addJsonOption, wholeNumber } from "../options.js";

const examples = `
Examples:
  tfmc summary gpt2.tfm
  tfmc summary gpt2.tfm --config gpt2_xl --batch 8 --seq 1024
  tfmc summary gpt2.tfm --json`;

export function declare(command: Command): void {
  command
    .description("Counts parameters, FLOPs and bytes of a model, layer by layer, as formulas and as numbers.")
    .argument("<file>", "the .tfm file")
    .option("--batch <n>", "the batch size to count for", wholeNumber(1), 1)
    .option("--seq <n>", "the sequence length to count for", wholeNumber(1));
  addConfigOptions(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(() => {
    throw new Failure("tfmc summary is not here yet");
  });
}
