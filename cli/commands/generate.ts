import { Option, type Command } from "commander";
import type { Generated } from "../generate/generate-tokens.js";
import {
  addBackendOption,
  addConfigOptions,
  addJsonOption,
  realNumber,
  tokenIds,
  wholeNumber,
  type ConfigOptions,
} from "../options.js";
import { printJson } from "../print-json.js";

const examples = `
Examples:
  tfmc generate gpt2.tfm --weights gpt2/ --prompt "The house" --max-tokens 40
  tfmc generate gpt2.tfm --weights gpt2/ --prompt "The house" --greedy
  tfmc generate t5.tfm --weights t5/ --prompt "translate English to German: The house" --beams 4
  tfmc generate tiny.tfm --weights tiny/ --tokens 5,17,3       where the checkpoint has no tokenizer.json

Prints what follows the prompt. How tokens are chosen is what the file's \`generate\` says, but for the options given here.`;

interface Options extends ConfigOptions {
  readonly weights?: string;
  readonly prompt?: string;
  readonly tokens?: readonly number[];
  readonly input?: readonly string[];
  readonly maxTokens?: number;
  readonly greedy?: boolean;
  readonly beams?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly json?: boolean;
}

/** What a shell gives a program that Ctrl-C ended. */
const interrupted = 130;

export function declare(command: Command): void {
  command
    .description("Continues a prompt, token by token, through the key and value cache that the compiler derived.")
    .argument("<file>", "the .tfm file")
    .requiredOption("--weights <path>", "the checkpoint: a folder, a .safetensors file, or a model of the Hub")
    .addOption(
      new Option("--prompt <text>", "the text to continue; needs the checkpoint's tokenizer.json").conflicts("tokens"),
    )
    .option("--tokens <ids>", "the token ids to continue, such as 15496,11", tokenIds)
    .option(
      "--input <input...>",
      "inputs besides the prompt: NAME=[[1, 2]], NAME=@FILE.json, FILE.json or FILE.safetensors",
    )
    .option("--max-tokens <count>", "how many tokens to add at most (the file's max_tokens, or 256)", wholeNumber(1))
    .option("--greedy", "always take the most likely token")
    .addOption(
      new Option("--beams <count>", "search for the likeliest text, following so many side by side")
        .argParser(wholeNumber(1))
        .conflicts("greedy"),
    )
    .addOption(
      new Option("--temperature <t>", "divide the logits by this before sampling")
        .argParser(realNumber(0, Infinity))
        .conflicts("greedy"),
    )
    .option("--top-k <k>", "sample among the k most likely tokens", wholeNumber(1))
    .option("--top-p <p>", "sample among the most likely tokens that together have this probability", realNumber(0, 1))
    .option("--seed <n>", "makes sampling repeatable", wholeNumber(0));
  addConfigOptions(command);
  addBackendOption(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(generate);
}

async function generate(file: string, options: Options): Promise<void> {
  const { generateTokens } = await import("../generate/generate-tokens.js");
  const { maxTokens, greedy, beams, topK, topP, seed, json, ...model } = options;
  const temperature = greedy ? 0 : options.temperature;
  const sampling = {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    // Whoever says how tokens are drawn wants no search.
    ...(beams !== undefined && { beams }),
    ...((greedy || temperature !== undefined || topK !== undefined || topP !== undefined) && { beams: 1 }),
    ...(topK !== undefined && { topK }),
    ...(topP !== undefined && { topP }),
    ...(seed !== undefined && { seed }),
  };
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once("SIGINT", stop);
  const onPiece = (piece: string): void => void (json || process.stdout.write(piece));
  const request = { ...model, json, onPiece, stopped: stopped.signal };
  const generated = await generateTokens(file, request, sampling).finally(() => process.off("SIGINT", stop));
  report(generated, json ?? false);
  if (stopped.signal.aborted) process.exitCode = interrupted;
}

function report({ tokens, text, backend, firstSeconds, tokensPerSecond }: Generated, json: boolean): void {
  if (json) {
    printJson({ ok: true, backend, tokens, text, tokensPerSecond });
    return;
  }
  process.stdout.write("\n");
  const speed = tokensPerSecond === undefined ? "" : `, ${tokensPerSecond.toFixed(1)} tokens/s`;
  const count = tokens.length === 1 ? "1 token" : `${tokens.length} tokens`;
  process.stderr.write(`${count}${speed} on ${backend} (the first after ${firstSeconds.toFixed(2)} s)\n`);
}
