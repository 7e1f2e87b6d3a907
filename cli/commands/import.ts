import type { Command } from "commander";
import { basename } from "node:path";
import { readSource, writeAtomically } from "../files.js";
import { addJsonOption } from "../options.js";
import { localCheckpoint } from "../hub/local-checkpoint.js";
import { printJson } from "../print-json.js";
import { problemsAsJson, reportProblems } from "../report.js";
import { Reported } from "../reported.js";

const examples = `
Examples:
  tfmc import path/to/gpt2 -o gpt2.tfm
  tfmc import openai-community/gpt2          a model of the Hugging Face Hub, @revision behind it or not
  tfmc import path/to/llama                  the text goes to standard output
  tfmc import path/to/opt --like opt.tfm     by the rules of a file of your own

Knows the checkpoints that the examples are for, and refuses what they cannot express.`;

interface Options {
  readonly output?: string;
  readonly like?: string;
  readonly json?: boolean;
}

export function declare(command: Command): void {
  command
    .description("Writes the complete, editable .tfm of a Hugging Face checkpoint from its config.json.")
    .argument("<checkpoint>", "its folder, with the config.json; or a model of the Hub")
    .option("-o, --output <file>", "where to write the .tfm; standard output without it")
    .option("--like <file>", "a .tfm whose `weights` rules tell what config.json means; the examples without it");
  addJsonOption(command);
  command.addHelpText("after", examples).action(importFolder);
}

async function importFolder(folder: string, { output, like, json }: Options): Promise<void> {
  const { importCheckpoint } = await import("../import/import-checkpoint.js");
  const name = output ?? "imported.tfm";
  const sources = like === undefined ? undefined : [{ name: basename(like, ".tfm"), text: readSource(like) }];
  const local = await localCheckpoint(folder, "description");
  const from = local === folder ? undefined : folder;
  const { text, notes, problems } = importCheckpoint(local, name, { sources, from });
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
