/** Masks and scores: index expressions over `q`, `k`, `s` and `head`, understood where they were written, evaluated in an attend. */
import type { Input } from "../../grammar/ast.js";
import type { Axis, DType } from "../ir/graph.js";
import { asResult } from "./attend.js";
import { use, value } from "./builder.js";
import type { Meaning, LambdaMeaning } from "./meaning.js";
import type { Dim } from "../shapes/index.js";
import { dataEntry, positionAtom } from "./entries.js";
import { evaluate } from "./expressions.js";
import { hidesMask } from "./hidden-mask.js";
import { lintCausal, lintMask } from "./mask-sides.js";
import { relabel } from "./subscript.js";
import { resolveAxis } from "./types.js";
import { lookedUp } from "./mend/attention.js";
import { inner, report, type Scope } from "./scope.js";

const indexNames = ["q", "k", "s", "head"] as const;

/** Whether an attend is being read, so that masks and scores mean their values. */
export function isLambdaName(scope: Scope): boolean {
  return scope.order !== undefined && scope.names.has("q");
}

/** The value of a mask or score inside the attend that `scope` reads. */
export function evaluateLambda(scope: Scope, lambda: LambdaMeaning): Meaning {
  const { outside } = lambda;
  if (!outside) return evaluate(lambdaScope(scope, lambda.scope), lambda.expression);
  const theirs = new Set(outside.values());
  const leave = (label: string): string => outside.get(label) ?? (theirs.has(label) ? `${label}'` : label);
  const labels = new Map([...outside.keys(), ...theirs, ...(scope.order ?? [])].map((label) => [leave(label), label]));
  const there = inner(scope, { order: scope.order?.map(leave) });
  for (const name of indexNames) {
    const meaning = scope.names.get(name);
    if (meaning) there.names.set(name, relabelled(scope, meaning, leave));
  }
  const result = evaluate(lambdaScope(there, lambda.scope), lambda.expression);
  return relabelled(scope, result, (label) => labels.get(label) ?? label);
}

function relabelled(scope: Scope, meaning: Meaning, rename: (label: string) => string): Meaning {
  if (meaning.kind !== "tensor") return meaning;
  const axes = meaning.value.type.axes.map(({ label, dim }) => ({ label: rename(label), dim }));
  return { ...meaning, value: relabel(scope, use(scope.builder, meaning.value), axes) };
}

/** The caller's labels by those that they have inside, where the two differ. */
export function outsideLabels(inside: readonly Axis[], rest: readonly Axis[]): ReadonlyMap<string, string> | undefined {
  const pairs = inside.map(({ label }, n): [string, string] => [label, rest[n]?.label ?? label]);
  const differing = pairs.filter(([own, theirs]) => theirs !== "" && own !== theirs);
  return differing.length > 0 ? new Map(differing) : undefined;
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
  const tensor = (name: string, dtype: DType, of: Axis[], index?: Dim): Meaning => ({
    kind: "tensor",
    value: value(scope.builder, name, dtype, of),
    index,
  });
  const heads = callee.names.get("heads");
  const position = (name: string, { dim }: Axis): Dim => positionAtom(name, dim);
  const key = { ...j, label: j.label === i.label ? `${j.label}'` : j.label };
  there.names.set("q", tensor("q", "i32", [i], position("q", i)));
  there.names.set("k", tensor("k", "i32", [key], position("k", j)));
  if (lambda.of === "score") there.names.set("s", tensor("s", "f32", []));
  const head = heads?.kind === "int" ? positionAtom("head", heads.dim) : dataEntry("head");
  there.names.set("head", tensor("head", "i32", [], head));
  if (lambda.of === "mask" && hidesMask(lambda.scope, lambda.expression)) return;
  const meaning = evaluateLambda(there, lambda);
  const result = asResult(
    { ...there, file: lambda.scope.file, order: undefined },
    lambda.of,
    meaning,
    lambda.expression,
  );
  const known = new Set([
    i.label,
    j.label,
    `${j.label}'`,
    ...callee.rest.map(({ label }) => label),
    ...scope.context.outer.keys(),
  ]);
  if (result && lambda.of === "mask") {
    lintMask(lambda.scope, result, i, key, lambda.expression);
    lintCausal(lambda.scope, i, key, lambda.expression);
  }
  const stray = result?.type.axes.find(({ label }) => label !== "" && !known.has(label));
  if (!stray) return;
  const what = `the ${lambda.of} has axis ${stray.label}, the scores run over queries (q) and keys (k)`;
  const { at, ...mend } = lookedUp(there, lambda.expression, stray.label, key, callee);
  report(scope, "T202", { what }, at ?? lambda.expression.span, mend);
}
