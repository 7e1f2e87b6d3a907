import type { Command } from "commander";
import { readFileSync, readdirSync } from "node:fs";
import { closest } from "../../compiler/diagnostics/suggest.js";
import { Failure } from "../failure.js";
import { packageFolder } from "../package.js";

const examples = `
Examples:
  tfmc explain T201       what is meant by error[T201], with an example and its repair
  tfmc explain            the list of all codes`;

export function declare(command: Command): void {
  command
    .description("Explains the code of a diagnostic, such as T201 in `error[T201]`.")
    .argument("[code]", "the code; without one, all codes are listed")
    .addHelpText("after", examples)
    .action((code?: string) => {
      process.stdout.write(code === undefined ? listOfCodes() : explanationOf(code));
    });
}

const pages = (): URL => new URL("docs/errors/", packageFolder());
const codes = (): string[] => readdirSync(pages()).flatMap((file) => /^([A-Z]\d+)\.md$/.exec(file)?.[1] ?? []);

function explanationOf(given: string): string {
  const code = given.toUpperCase();
  const known = codes();
  // Looked up rather than opened, so that the name cannot lead to another folder.
  if (!known.includes(code)) {
    const near = closest(code, known);
    throw new Failure(
      `there is no diagnostic with the code ${given}`,
      near === undefined ? "tfmc explain lists all codes" : `did you mean ${near}?`,
    );
  }
  return readPage(code);
}

/** A line for each code: its page's heading. */
function listOfCodes(): string {
  return codes()
    .sort()
    .map((code) => `${/^# (.*)$/m.exec(readPage(code))?.[1] ?? code}\n`)
    .join("");
}

function readPage(code: string): string {
  return readFileSync(new URL(`${code}.md`, pages()), "utf8");
}
