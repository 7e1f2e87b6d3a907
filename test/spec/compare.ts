import { lineAt } from "../../compiler/diagnostics/lines.js";
import type { Problem } from "../../compiler/diagnostics/problem.js";
import type { Checked } from "../../compiler/check.js";
import type { Assertion, Example } from "./page.js";

/** What does not agree between an example's assertions and its problems, a line each. None: the page is right. */
export function disagreements(example: Example, problems: readonly Problem[]): string[] {
  const unmet = new Set(example.assertions);
  const unasserted = problems.filter((problem) => {
    const met = [...unmet].find((assertion) => meets(problem, assertion, example));
    if (met) unmet.delete(met);
    return !met;
  });
  return [
    ...[...unmet].map(
      ({ severity, code, text, file, line }) => `not reported: ${file}:${line} ${severity}[${code}] "${text}"`,
    ),
    ...unasserted.map(
      (problem) => `not asserted: ${placeOf(problem, example)} ${problem.severity}[${problem.code}] ${problem.message}`,
    ),
  ];
}

function meets(problem: Problem, assertion: Assertion, example: Example): boolean {
  return (
    problem.code === assertion.code &&
    problem.severity === assertion.severity &&
    problem.message.includes(assertion.text) &&
    placeOf(problem, example) === `${assertion.file}:${assertion.line}`
  );
}

function placeOf({ primary }: Problem, { files }: Example): string {
  if (!primary) return "nowhere";
  const text = files.get(primary.file);
  return text === undefined ? primary.file : `${primary.file}:${lineAt(text, primary.span.start).number}`;
}

/** Shapes that are not what an example says, a line each. */
export function wrongShapes({ files, shapes }: Example, checked: Checked): string[] {
  return shapes.flatMap(({ type, file, line }) => {
    const text = files.get(file) ?? "";
    const onLine = checked.shapes(file).filter(({ span }) => lineAt(text, span.start).number === line);
    const named = onLine.filter(({ kind }) => kind === "value");
    const found = (named.length > 0 ? named : onLine.slice(-1)).map((shape) => shape.type).join(", ");
    return found === type ? [] : [`${file}:${line} is ${found || "nothing that has a shape"}, not ${type}`];
  });
}
