import type { SyntaxProblem } from "../../grammar/index.js";
import { problem, type Problem } from "../diagnostics/problem.js";

/** What the parser found wrong with the text of `file`. */
export function syntaxProblems(file: string, found: readonly SyntaxProblem[]): Problem[] {
  return found.map(({ found, expected, span, help, fix }) =>
    problem("S001", { found, expected }, { file, span }, { help, fixes: fix ? [{ file, ...fix }] : [] }),
  );
}
