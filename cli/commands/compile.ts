import { Option, type Command } from "commander";
import { writeAtomically } from "../files.js";
import { addConfigOptions, addJsonOption, type ConfigOptions } from "../options.js";
import { printJson } from "../print-json.js";

const examples = `
Examples:
  tfmc compile gpt2.tfm                                    writes gpt2.ts: the file's first config
  tfmc compile gpt2.tfm --config gpt2_xl -o gpt2-xl.ts     another config of the file
  tfmc compile gpt2.tfm --set d=48 --set heads=4 -o -      other numbers; to standard output
  tfmc compile gpt2.tfm -o gpt2.js                         JavaScript instead`;

interface Options extends ConfigOptions {
  readonly output?: string;
  readonly json?: boolean;
}

export function declare(command: Command): void {
  command
    .description("Writes a checked model as one TypeScript module that needs only tfjs and tfmc/runtime.")
    .argument("<file>", "the .tfm file")
    .option("-o, --output <file>", "where to write: .ts or .js, or - for standard output; beside the source without it")
    .addOption(new Option("--target <name>", "what to compile to").choices(["tfjs"]).default("tfjs"));
  addConfigOptions(command);
  addJsonOption(command);
  command.addHelpText("after", examples).action(compileToFile);
}

async function compileToFile(file: string, options: Options): Promise<void> {
  const { compileFile } = await import("../compile-file.js");
  const { countParameters } = await import("../../compiler/index.js");
  const { lowered, code } = await compileFile(file, options);
  const output = options.output ?? `${file.replace(/\.tfm$/, "")}.ts`;
  const text = /\.[cm]?js$/.test(output) ? await asJavaScript(code) : code;
  if (output === "-") {
    process.stdout.write(text);
    return;
  }
  writeAtomically(output, text);
  const { model, configName, weights } = lowered.module;
  const parameters = countParameters(weights, lowered.numbers);
  const lines = text.split("\n").length - 1;
  if (options.json) {
    const generates = lowered.generation !== undefined;
    printJson({ ok: true, output, model, config: configName, parameters: Number(parameters), lines, generates });
    return;
  }
  const count = parameters?.toLocaleString("en-US") ?? "?";
  process.stdout.write(`wrote ${output}: ${model}, config ${configName}, ${count} parameters, ${lines} lines\n`);
  const others = lowered.generating;
  if (!lowered.generation && others.length > 0)
    process.stdout.write(`it has no generate, which ${file} asks for with --config ${others.join(" or ")}\n`);
}

async function asJavaScript(code: string): Promise<string> {
  const { toJavaScript } = await import("../../compiler/index.js");
  return toJavaScript(code, "esm");
}
