/**
 * A structured problem: what is wrong, where, and what would mend it. Phases make these; only `render.ts` makes text.
 */
import type { Span } from "../../grammar/ast.js";
import { catalogue, type Code, type Parameters } from "./catalogue.js";
import type { Edit } from "./edit.js";

export type Severity = "error" | "warning" | "hint";

/** A place in a file with what is to be said about it. */
export interface Mark {
  /** The file's name as the host knows it, for instance `gpt2.tfm` or `std/attention.tfm`. */
  readonly file: string;
  readonly span: Span;
  readonly label?: string;
}

export interface Problem {
  readonly code: Code;
  readonly severity: Severity;
  /** One line that states the fact. */
  readonly message: string;
  /** The user's mistake. Absent only where there is no file to point into. */
  readonly primary?: Mark;
  /** Where the other side of the contradiction entered. */
  readonly secondary: readonly Mark[];
  /** Further facts, a line each: the path of labels, a witness valuation. */
  readonly notes: readonly string[];
  /** At most one mend. */
  readonly help?: string;
  /** The mend as changes of the text, where it is more than advice: what the help (or a "did you mean" label) says. */
  readonly fixes: readonly Edit[];
}

/** More than this tells the user nothing: what would be found after so many is not looked for. */
export const problemLimit = 100;

export const isFull = (problems: readonly Problem[]): boolean => problems.length >= problemLimit;

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === "error");

export interface ProblemDetails {
  readonly secondary?: readonly Mark[];
  readonly notes?: readonly string[];
  readonly help?: string | undefined;
  readonly fixes?: readonly Edit[] | undefined;
}

/** Makes a problem of the catalogue; the code decides which message parameters are due. */
export function problem<C extends Code>(
  code: C,
  parameters: Parameters<C>,
  primary: Mark | undefined,
  details: ProblemDetails = {},
): Problem {
  const entry = catalogue[code];
  return {
    code,
    severity: entry.severity,
    message: entry.message(parameters as never),
    ...(primary && { primary }),
    secondary: details.secondary ?? [],
    notes: details.notes ?? [],
    ...(details.help !== undefined && { help: details.help }),
    fixes: details.fixes ?? [],
  };
}
