import type { Command } from "commander";
import { Failure } from "../failure.js";
import { addJsonOption } from "../options.js";

const examples = `
Examples:
  tfmc import path/to/gpt2 -o gpt2.tfm
  tfmc import path/to/llama                  the text goes to standard output

Knows the model types gpt2, llama, mistral, qwen2 and qwen3.`;

export function declare(command: Command): void {
  command
    .description("Writes the complete, editable .tfm of a Hugging Face checkpoint from its config.json.")
    .argument("<folder>", "the checkpoint's folder, with its config.json")
    .option("-o, --output <file>", "where to write the .tfm; standard output without it");
  addJsonOption(command);
  command.addHelpText("after", examples).action(() => {
    throw new Failure("tfmc import is not here yet");
  });
}
