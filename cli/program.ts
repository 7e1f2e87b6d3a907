import { Command, CommanderError } from "commander";
import { commands } from "./commands.js";
import { packageVersion } from "./package.js";
import { reportError, wrongUsage } from "./report-error.js";

const introduction = `tfmc checks and compiles .tfm files: descriptions of transformer models.`;

const examples = `
Examples:
  tfmc check gpt2.tfm                       is it right, for every size?
  tfmc compile gpt2.tfm -o gpt2.ts          write it as TypeScript
  tfmc import path/to/checkpoint            write the .tfm of a Hugging Face checkpoint
  tfmc explain T201                         what a message means, and how to mend it

\`tfmc COMMAND --help\` tells more about each. Exit status: 0 done, 1 the input is bad, 2 the command line is.`;

/** Runs the command that the arguments name. Returns the exit status. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = new Command("tfmc").description(introduction).addHelpText("after", examples);
  program.version(packageVersion(), "-v, --version", "print the version");
  program.configureHelp({ showGlobalOptions: false }).showHelpAfterError("(tfmc --help lists the commands)");
  program.exitOverride();
  const operands = args.filter((arg) => !arg.startsWith("-"));
  const wanted = operands[0] === "help" ? operands[1] : operands[0];
  try {
    for (const { name, summary, load } of commands) {
      const command = program.command(name).summary(summary).description(summary);
      command.showHelpAfterError(`(tfmc ${name} --help shows how it is used)`);
      if (name === wanted) (await load()).declare(command);
    }
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error, { json: args.includes("--json") });
    // Commander has said what it is about: the help or the version, which were asked for, or a wrong command line.
    return error.exitCode === 0 ? 0 : wrongUsage;
  }
  return Number(process.exitCode ?? 0);
}
