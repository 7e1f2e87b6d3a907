import { render, toJson, type JsonProblem, type Problem } from "../compiler/index.js";
import { colorsForErrors } from "./colors.js";

/** The text of a file by the name that problems give it. */
export type Sources = (file: string) => string | undefined;

/** Prints problems for a person on standard error, in the given order, with an empty line between two. */
export function reportProblems(problems: readonly Problem[], source: Sources): void {
  const colors = colorsForErrors();
  const texts = problems.map((problem) => `${render(problem, { source, colors })}\n`);
  process.stderr.write(texts.join("\n"));
}

/** The same facts for a program. */
export function problemsAsJson(problems: readonly Problem[], source: Sources): JsonProblem[] {
  return problems.map((problem) => toJson(problem, source));
}
