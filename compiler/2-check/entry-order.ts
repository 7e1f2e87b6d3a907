/** Defaults build on entries that are declared before them: entries are read in order. */
import type { Name, Parameter } from "../../grammar/ast.js";
import { edit, inserted, sourceOf } from "./mend/mend.js";
import { namesIn } from "./names-in.js";
import { mark, report, type Scope } from "./scope.js";

/** The first entry in a default that is declared after it. */
export function laterEntry(parameters: readonly Parameter[], parameter: Parameter): Name | undefined {
  const n = parameters.indexOf(parameter);
  const later = new Set(parameters.slice(n).map(({ name }) => name.name));
  for (const { name } of parameters.slice(0, n)) later.delete(name.name);
  return namesIn(parameter.fallback).find(({ name }) => later.has(name));
}

export function checkEntryOrder(scope: Scope, parameters: readonly Parameter[]): void {
  for (const parameter of parameters) {
    const later = laterEntry(parameters, parameter);
    if (!later) continue;
    const entry = parameter.name.name;
    const used = new Set(namesIn(parameter.fallback).map(({ name }) => name));
    const last = parameters.findLast(({ name }) => used.has(name.name));
    const next = parameters[parameters.indexOf(parameter) + 1];
    const text = sourceOf(scope, parameter.span);
    const movable = last !== undefined && last !== parameter && next !== undefined;
    report(scope, "N113", { entry, later: later.name }, later.span, {
      secondary: last && last !== parameter ? [mark(scope, last.span, "declared here")] : [],
      help: movable ? `move \`${text}\` behind \`${last.name.name}\`` : undefined,
      fixes: movable
        ? [
            edit(scope, { start: parameter.span.start, end: next.span.start }, ""),
            inserted(scope, last.span.end, `, ${text}`),
          ]
        : [],
    });
  }
}
