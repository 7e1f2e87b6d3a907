import type { Command } from "commander";
import { Failure } from "../failure.js";
import { addBackendOption, addConfigOptions, addJsonOption } from "../options.js";

const examples = `
Examples:
  tfmc run gpt2.tfm --weights gpt2/ --inputs io.safetensors            inputs by name, from in.NAME or NAME
  tfmc run gpt2.tfm --weights gpt2/ --inputs inputs.json               {"input_ids": [[1, 2, 3]]}
  tfmc run gpt2.tfm --weights gpt2/ --inputs x.json -o out.safetensors --backend wasm`;

export function declare(command: Command): void {
  command
    .description("Compiles a model in memory and runs a task on inputs.")
    .argument("<file>", "the .tfm file")
    .requiredOption("--inputs <file>", "the inputs by name: .safetensors or .json")
    .option("--weights <path>", "the checkpoint: a folder or a .safetensors file; random weights without it")
    .option("--task <name>", "the task to run; needed where the model has several")
    .option(
      "-o, --output <file>",
      "where to write the outputs: .safetensors or .json; a summary is printed without it",
    );
  addConfigOptions(command);
  addBackendOption(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(() => {
    throw new Failure("tfmc run is not here yet");
  });
}
