/** Masks and scores: index expressions over `q`, `k`, `s` and `head`, understood where they were written, evaluated in an attend. */
import type { Input } from "../../grammar/ast.js";
import type { Axis, DType } from "../ir/graph.js";
import { asResult } from "./attend.js";
import { value } from "./builder.js";
import type { Meaning, LambdaMeaning } from "./meaning.js";
import { atom, variable } from "../shapes/index.js";
import { evaluate } from "./expressions.js";
import { resolveAxis } from "./types.js";
import { inner, report, type Scope } from "./scope.js";

const indexNames = ["q", "k", "s", "head"] as const;

/** Whether an attend is being read, so that masks and scores mean their values. */
export function isLambdaName(scope: Scope): boolean {
  return scope.order !== undefined && scope.names.has("q");
}

/** The value of a mask or score inside the attend that `scope` reads. */
export function evaluateLambda(scope: Scope, lambda: LambdaMeaning): Meaning {
  return evaluate(lambdaScope(scope, lambda.scope), lambda.expression);
}

/** The scope a lambda was written in, with the positions and the graph of the attend it is used in. */
export function lambdaScope(scope: Scope, written: Scope): Scope {
  const there = inner(written, { builder: scope.builder, order: scope.order, rest: scope.rest, via: scope.via });
  for (const name of indexNames) {
    const meaning = scope.names.get(name);
    if (meaning) there.names.set(name, meaning);
  }
  return there;
}

/** At a definition the callee is not followed: the mask or score is read once for the axes its input declares. */
export function checkLambda(scope: Scope, callee: Scope, input: Input, lambda: LambdaMeaning): void {
  const axes = (input.type.axes ?? []).flatMap((axis): Axis[] => {
    const resolved = axis.kind === "axis" ? resolveAxis(callee, axis) : undefined;
    return resolved ? [resolved] : [];
  });
  const [i, j] = axes;
  if (!i || !j) return;
  const there = inner(scope, { order: [i.label, j.label] });
  const tensor = (name: string, dtype: DType, of: Axis[]): Meaning => ({
    kind: "tensor",
    value: value(scope.builder, name, dtype, of),
    index: of[0] && variable(atom(name, "axis", { min: 0, below: of[0].dim })),
  });
  there.names.set("q", tensor("q", "i32", [i]));
  there.names.set("k", tensor("k", "i32", [{ ...j, label: j.label === i.label ? `${j.label}'` : j.label }]));
  there.names.set("s", tensor("s", "f32", []));
  there.names.set("head", tensor("head", "i32", []));
  const meaning = evaluate(lambdaScope(there, lambda.scope), lambda.expression);
  const result = asResult({ ...there, order: undefined }, lambda.of, meaning, lambda.expression);
  const known = new Set([
    i.label,
    j.label,
    `${j.label}'`,
    ...callee.rest.map(({ label }) => label),
    ...scope.context.outer.keys(),
  ]);
  const stray = result?.type.axes.find(({ label }) => label !== "" && !known.has(label));
  if (!stray) return;
  const what = `the ${lambda.of} has axis ${stray.label}, the scores run over queries (q) and keys (k)`;
  const help =
    lambda.expression.kind === "name" ? `look it up by key: ${lambda.expression.name}[${stray.label}: k]` : undefined;
  report(scope, "T202", { what }, lambda.expression.span, { help });
}
