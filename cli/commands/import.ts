import type { Command } from "commander";
import { writeAtomically } from "../files.js";
import { addJsonOption } from "../options.js";
import { printJson } from "../print-json.js";
import { problemsAsJson, reportProblems } from "../report.js";
import { Reported } from "../reported.js";

const examples = `
Examples:
  tfmc import path/to/gpt2 -o gpt2.tfm
  tfmc import path/to/llama                  the text goes to standard output

Knows the model types gpt2, llama, mistral, qwen2 and qwen3, and refuses what their examples cannot express.`;

interface Options {
  readonly output?: string;
  readonly json?: boolean;
}

export function declare(command: Command): void {
  command
    .description("Writes the complete, editable .tfm of a Hugging Face checkpoint from its config.json.")
    .argument("<folder>", "the checkpoint's folder, with its config.json")
    .option("-o, --output <file>", "where to write the .tfm; standard output without it");
  addJsonOption(command);
  command.addHelpText("after", examples).action(importFolder);
}

async function importFolder(folder: string, { output, json }: Options): Promise<void> {
  const { importCheckpoint } = await import("../import/import-checkpoint.js");
  const name = output ?? "imported.tfm";
  const { text, notes, problems } = importCheckpoint(folder, name);
  if (problems.length > 0) {
    const source = (file: string): string | undefined => (file === name ? text : undefined);
    if (json) printJson({ ok: false, problems: problemsAsJson(problems, source) });
    else reportProblems(problems, source);
    throw new Reported();
  }
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  if (output !== undefined) writeAtomically(output, text);
  if (json) printJson({ ok: true, ...(output === undefined ? { text } : { output }), notes });
  else if (output === undefined) process.stdout.write(text);
  else process.stdout.write(`wrote ${output}\n`);
}
