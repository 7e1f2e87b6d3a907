import { colorsForErrors } from "./colors.js";
import { Failure } from "./failure.js";
import { packageVersion } from "./package.js";
import { printJson } from "./print-json.js";
import { Reported } from "./reported.js";

/** Exit statuses: the input is bad; the command line is; this program is (EX_SOFTWARE of sysexits.h). */
export const badInput = 1;
export const wrongUsage = 2;
export const internalError = 70;

/**
 * Says what stopped a command, and returns the exit status that goes with it. A `Failure` is one line and its mend;
 * anything else is our mistake, and comes with what is needed to find it.
 */
export function reportError(error: unknown, form: { readonly json: boolean }): number {
  if (error instanceof Reported) return badInput;
  const failure = error instanceof Failure ? error : undefined;
  const message = failure?.message ?? (error instanceof Error ? error.message : String(error));
  if (form.json) {
    printJson({ ok: false, error: { kind: failure ? "input" : "internal", message, help: failure?.help } });
  }
  const { bold, red, cyan } = colorsForErrors();
  if (failure) {
    if (!form.json) {
      const help = failure.help === undefined ? "" : `  ${cyan("help:")} ${failure.help}\n`;
      process.stderr.write(`${bold(red("error:"))} ${bold(message)}\n${help}`);
    }
    return badInput;
  }
  const trace = error instanceof Error ? (error.stack ?? message) : message;
  process.stderr.write(
    `${bold(red("internal error:"))} ${bold(message)}\n` +
      `  This is a mistake in tfmc, not in your input. Please report it to the project, with the command you ran,\n` +
      `  the files it read, and the lines below (tfmc ${packageVersion()}, Node ${process.version}, ${process.platform}).\n\n` +
      `${trace}\n`,
  );
  return internalError;
}
