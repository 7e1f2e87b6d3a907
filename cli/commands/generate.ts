import { Option, type Command } from "commander";
import { Failure } from "../failure.js";
import { addBackendOption, addConfigOptions, addJsonOption, realNumber, tokenIds, wholeNumber } from "../options.js";

const examples = `
Examples:
  tfmc generate gpt2.tfm --weights gpt2/ --prompt "The house" --tokens 40
  tfmc generate gpt2.tfm --weights gpt2/ --prompt "The house" --greedy
  tfmc generate tiny.tfm --weights tiny/ --ids 5,17,3        where the checkpoint has no tokenizer.json`;

export function declare(command: Command): void {
  command
    .description("Continues a prompt, token by token, through the key and value cache that the compiler derived.")
    .argument("<file>", "the .tfm file")
    .requiredOption("--weights <path>", "the checkpoint: a folder or a .safetensors file")
    .addOption(
      new Option("--prompt <text>", "the text to continue; needs the checkpoint's tokenizer.json").conflicts("ids"),
    )
    .option("--ids <ids>", "the token ids to continue, such as 15496,11", tokenIds)
    .option("--tokens <count>", "how many tokens to add at most", wholeNumber(1))
    .option("--greedy", "always take the most likely token")
    .option("--temperature <t>", "divide the logits by this before sampling", realNumber(0, Infinity))
    .option("--top-k <k>", "sample among the k most likely tokens", wholeNumber(1))
    .option("--top-p <p>", "sample among the most likely tokens that together have this probability", realNumber(0, 1))
    .option("--seed <n>", "makes sampling repeatable", wholeNumber(0));
  addConfigOptions(command);
  addBackendOption(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(() => {
    throw new Failure("tfmc generate is not here yet");
  });
}
