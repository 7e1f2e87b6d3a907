import type { Command } from "commander";
import { Failure } from "../failure.js";
import { addBackendOption, addConfigOptions, addJsonOption, realNumber } from "../options.js";

const examples = `
Examples:
  tfmc verify gpt2.tfm --weights gpt2/ --io gpt2/io.safetensors
  tfmc verify gpt2.tfm --weights gpt2/ --io gpt2/io.safetensors --tolerance 1e-4 --backend webgpu --json

The inputs are the file's in.NAME, the outputs its out.NAME. An output passes where its largest error, over its largest
magnitude, is at most the tolerance.`;

export function declare(command: Command): void {
  command
    .description(
      "Runs a model on reference inputs and compares every output that it declares, greedy decoding included.",
    )
    .argument("<file>", "the .tfm file")
    .requiredOption("--weights <path>", "the checkpoint: a folder or a .safetensors file")
    .requiredOption("--io <file>", "the reference inputs and outputs: a .safetensors file")
    .option("--tolerance <t>", "the largest relative error that passes", realNumber(0, Infinity), 1e-4);
  addConfigOptions(command);
  addBackendOption(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(() => {
    throw new Failure("tfmc verify is not here yet");
  });
}
