import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { parse, print, syntaxProblems } from "../../compiler/index.js";
import { writeAtomically } from "../files.js";
import { reportProblems } from "../report.js";
import { badInput } from "../report-error.js";
import { openSources } from "../sources.js";

const examples = `
Examples:
  tfmc fmt models/*.tfm        rewrites what is laid out otherwise, and says which files
  tfmc fmt --check *.tfm       rewrites nothing; exit status 1 where something would change
  tfmc fmt - < gpt2.tfm        from standard input to standard output, for editors

What does not parse is told, and left as it is.`;

interface Options {
  readonly check?: boolean;
}

export function declare(command: Command): void {
  command
    .description("Lays files out in the one style. What they mean, and their comments, stay.")
    .argument("<files...>", "the .tfm files, or - for standard input")
    .option("--check", "change nothing, and name the files that are laid out otherwise")
    .addHelpText("after", examples)
    .action(format);
}

function format(files: readonly string[], { check: isCheck = false }: Options): void {
  const sources = openSources();
  for (const file of files) {
    const isInput = file === "-";
    const text = isInput ? readFileSync(0, "utf8") : sources.require(file);
    const name = isInput ? "standard input" : file;
    const printed = printedText(name, text);
    if (printed === undefined) process.exitCode = badInput;
    else if (isInput && !isCheck) process.stdout.write(printed);
    else if (printed !== text && isCheck) {
      process.exitCode = badInput;
      process.stdout.write(`${name} is laid out otherwise\n`);
    } else if (printed !== text) {
      writeAtomically(file, printed);
      process.stdout.write(`wrote ${file}\n`);
    }
  }
}

/** Undefined where the text does not parse, which is then told. */
function printedText(name: string, text: string): string | undefined {
  const parsed = parse(text);
  if (parsed.problems.length === 0) return print(parsed, text);
  reportProblems(syntaxProblems(name, parsed.problems), (file) => (file === name ? text : undefined));
  return undefined;
}
