import type { Command } from "commander";
import { addConfigOptions, type ConfigOptions } from "../options.js";

const examples = `
Examples:
  tfmc graph gpt2.tfm -o gpt2.svg
  tfmc graph llama.tfm --config llama3_8b -o llama3.html
  tfmc graph gpt2.tfm > gpt2.svg`;

interface Options extends ConfigOptions {
  readonly output?: string;
}

export function declare(command: Command): void {
  command
    .description("Draws a model: its layers, what goes from one to the next, and how many parameters each holds.")
    .argument("<file>", "the .tfm file")
    .option(
      "-o, --output <file>",
      "where to write it, an .svg or a page, .html; standard output has the SVG if not given",
    );
  addConfigOptions(command);
  command.addHelpText("after", examples).action(graph);
}

async function graph(file: string, options: Options): Promise<void> {
  const { lowerForOptions } = await import("../compile-file.js");
  const { drawPage, drawSvg } = await import("../../compiler/index.js");
  const { Failure } = await import("../failure.js");
  const { output: out } = options;
  if (out !== undefined && !/\.(svg|html)$/.test(out)) throw new Failure(`${out} is to end in .svg or .html`);
  const lowered = lowerForOptions(file, options);
  const text = await (out?.endsWith(".html") ? drawPage(lowered) : drawSvg(lowered));
  if (out === undefined) return void process.stdout.write(text);
  const { writeAtomically } = await import("../files.js");
  writeAtomically(out, text);
  process.stdout.write(`wrote ${out}\n`);
}
