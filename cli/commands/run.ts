import type { Command } from "commander";
import { Failure } from "../failure.js";
import {
  addBackendOption,
  addConfigOptions,
  addJsonOption,
  several,
  wholeNumber,
  type ConfigOptions,
} from "../options.js";
import { printJson } from "../print-json.js";

const examples = `
Examples:
  tfmc run gpt2.tfm --weights gpt2/ --input "input_ids=[[15496, 11]]"
  tfmc run gpt2.tfm --weights gpt2/ --input input_ids=@ids.json --output logits.json
  tfmc run gpt2.tfm --weights gpt2/ --input ids.json --tap h.0.attn.attention --tap "h.*.mlp" -o seen.safetensors
  tfmc run gpt2.tfm --weights gpt2/ --input ids.json --attention attention.html
  tfmc run gpt2.tfm --seed 1 --input io.safetensors -o out.safetensors --backend wasm

Inputs go by the checkpoint's names. In a .safetensors file, in.NAME and NAME are inputs, and out.NAME is not looked at.`;

interface Options extends ConfigOptions {
  readonly input: readonly string[];
  readonly weights?: string;
  readonly seed?: number;
  readonly task?: string;
  readonly tap?: readonly string[];
  readonly attention?: string;
  readonly output?: string;
  readonly backend?: string;
  readonly json?: boolean;
}

export function declare(command: Command): void {
  command
    .description("Compiles a model in memory and runs a task on inputs.")
    .argument("<file>", "the .tfm file")
    .requiredOption(
      "--input <input>",
      "NAME=JSON, NAME=@FILE.json, FILE.json or FILE.safetensors; may be given again",
      several,
    )
    .option("--weights <path>", "the checkpoint: a folder, a .safetensors file, or a model of the Hub")
    .option("--seed <n>", "random weights instead; the same for the same number", wholeNumber(0))
    .option("--task <name>", "the task to run; needed where the model has several")
    .option(
      "--tap <address>",
      "also give what a layer gives, or ADDRESS.attention; * is any part; may be given again",
      several,
    )
    .option("--attention <file>", "draw what all attention attends to: an .html page")
    .option("-o, --output <file>", "where to write the output: .safetensors or .json");
  addConfigOptions(command);
  addBackendOption(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const { checkOutputFile, writeOutputs } = await import("../run/write-output.js");
  if (options.output !== undefined) checkOutputFile(options.output);
  const { runTask } = await import("../run/run-task.js");
  const { everyAttention, matches } = await import("../run/taps.js");
  const { preview } = await import("../preview.js");
  const { attention, tap = [] } = options;
  if (attention !== undefined && !attention.endsWith(".html")) throw new Failure(`${attention} is to end in .html`);
  const wanted = attention === undefined ? tap : [...tap, everyAttention];
  const result = await runTask(file, { ...options, tap: wanted });
  const { backend } = result;
  const asked = result.tapped.filter(({ name }) => tap.some((pattern) => matches(pattern, name)));
  const outputs = [...result.outputs, ...asked];
  if (attention !== undefined) {
    const { writeAttention } = await import("../attention/write-page.js");
    await writeAttention(attention, file, result, options.weights);
  }
  if (options.output !== undefined) await writeOutputs(options.output, outputs);
  const dtypeOf = ({ dtype }: (typeof outputs)[number]): string =>
    ({ float32: "f32", int32: "i32" })[String(dtype)] ?? dtype;
  if (options.json) {
    const written = options.output && { file: options.output };
    const described = new Map(
      outputs.map((output) => [output.name, { dtype: dtypeOf(output), shape: output.shape, ...written }]),
    );
    printJson({ ok: true, backend, outputs: Object.fromEntries(described) });
    return;
  }
  for (const output of outputs) {
    const { name, shape, data } = output;
    process.stdout.write(`${name}  ${dtypeOf(output)}[${shape.join(", ")}]  ${preview(shape, data)}\n`);
  }
  for (const path of [options.output, attention]) if (path !== undefined) process.stdout.write(`wrote ${path}\n`);
}
