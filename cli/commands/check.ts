import type { Command } from "commander";
import { check } from "../../compiler/index.js";
import { addJsonOption } from "../options.js";
import { printJson } from "../print-json.js";
import { badInput } from "../report-error.js";
import { conclusion } from "../conclusion.js";
import { problemsAsJson, reportProblems } from "../report.js";
import { projectRoot } from "../project-root.js";
import { openSources } from "../sources.js";

const examples = `
Examples:
  tfmc check gpt2.tfm
  tfmc check models/*.tfm
  tfmc check gpt2.tfm --json       {"ok":false,"problems":[{"code":"T201", ...}]}

Exit status 1 where there is an error; warnings alone leave it 0.`;

export function declare(command: Command): void {
  command
    .description("Checks files: names, shapes for every size, dtypes, weights. Prints what is wrong.")
    .argument("<files...>", "the .tfm files; what they import is checked with them");
  addJsonOption(command)
    .addHelpText("after", examples)
    .action((files: readonly string[], options: { readonly json?: boolean }) =>
      checkFiles(files, options.json ?? false),
    );
}

function checkFiles(files: readonly string[], json: boolean): void {
  const sources = openSources();
  // A file that two others import is checked with each, and its problems are told once.
  const found = new Map(
    files.flatMap((file) => {
      sources.require(file);
      const root = projectRoot(file);
      return check(file, sources.within(root), root).problems.map(
        (problem) => [JSON.stringify(problem), problem] as const,
      );
    }),
  );
  const problems = [...found.values()];
  const ok = problems.every(({ severity }) => severity !== "error");
  if (json) printJson({ ok, problems: problemsAsJson(problems, sources.text) });
  else {
    reportProblems(problems, sources.text);
    // Someone who watches wants to hear that it is done; a pipe wants the problems alone.
    if (process.stderr.isTTY)
      process.stderr.write(`${problems.length > 0 ? "\n" : ""}${conclusion(files, problems)}\n`);
  }
  if (!ok) process.exitCode = badInput;
}
