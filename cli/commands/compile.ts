import { Option, type Command } from "commander";
import { Failure } from "../failure.js";
import { addConfigOptions, addJsonOption } from "../options.js";

const examples = `
Examples:
  tfmc compile gpt2.tfm -o gpt2.ts                        the file's only config, at its published size
  tfmc compile gpt2.tfm --config gpt2_xl -o gpt2-xl.ts    another config of the file
  tfmc compile gpt2.tfm --set d=48 --set heads=4          other numbers; the text goes to standard output
  tfmc compile gpt2.tfm -o gpt2.js                        JavaScript instead`;

export function declare(command: Command): void {
  command
    .description("Writes a checked model as one TypeScript module that needs only tfjs and tfmc/runtime.")
    .argument("<file>", "the .tfm file")
    .option("-o, --output <file>", "where to write: .ts or .js; standard output without it")
    .addOption(new Option("--target <name>", "what to compile to").choices(["tfjs"]).default("tfjs"));
  addConfigOptions(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(() => {
    throw new Failure("tfmc compile is not here yet");
  });
}
