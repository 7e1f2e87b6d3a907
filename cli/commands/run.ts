import type { Command } from "commander";
import { addBackendOption, addConfigOptions, addJsonOption, wholeNumber, type ConfigOptions } from "../options.js";
import { printJson } from "../print-json.js";

const examples = `
Examples:
  tfmc run gpt2.tfm --weights gpt2/ --input "input_ids=[[15496, 11]]"
  tfmc run gpt2.tfm --weights gpt2/ --input input_ids=@ids.json --output logits.json
  tfmc run gpt2.tfm --seed 1 --input io.safetensors -o out.safetensors --backend wasm

Inputs go by the checkpoint's names. In a .safetensors file, in.NAME and NAME are inputs, and out.NAME is not looked at.`;

interface Options extends ConfigOptions {
  readonly input: readonly string[];
  readonly weights?: string;
  readonly seed?: number;
  readonly task?: string;
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
      collect,
    )
    .option("--weights <path>", "the checkpoint: a folder or a .safetensors file")
    .option("--seed <n>", "random weights instead; the same for the same number", wholeNumber(0))
    .option("--task <name>", "the task to run; needed where the model has several")
    .option("-o, --output <file>", "where to write the output: .safetensors or .json");
  addConfigOptions(command);
  addBackendOption(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(run);
}

const collect = (text: string, earlier: readonly string[] = []): readonly string[] => [...earlier, text];

async function run(file: string, options: Options): Promise<void> {
  const { checkOutputFile, writeOutputs } = await import("../run/write-output.js");
  if (options.output !== undefined) checkOutputFile(options.output);
  const { runTask } = await import("../run/run-task.js");
  const { preview } = await import("../preview.js");
  const { outputs, backend } = await runTask(file, options);
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
  if (options.output !== undefined) process.stdout.write(`wrote ${options.output}\n`);
}
