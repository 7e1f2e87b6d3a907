/**
 * Matching a call to a signature: one way, from the argument to the declared type. Bare variables bind first; what is
 * bound already becomes a check. Inside, axes carry the callee's labels; the result carries the caller's again.
 */
import type { Identifier, Input, Span, Type } from "../../grammar/ast.js";
import type { Axis, Value, ValueType } from "../ir/graph.js";
import { asAtom, printDim, type Dim } from "../shapes/index.js";
import { use } from "./builder.js";
import { equalDims, numberOf } from "./decide.js";
import { evaluateDim } from "./numbers.js";
import { declareSize, mark, report, type Scope } from "./scope.js";
import { relabel } from "./subscript.js";
import { printAxis, printType } from "./types.js";

/** What a callee's own labels are called by its caller. */
export type Labels = Map<string, string>;

export interface Matching {
  /** The callee's scope while it is being filled. */
  readonly callee: Scope;
  readonly labels: Labels;
  /** Variables given in brackets: `cross_entropy[vocab]` says that n is vocab. */
  readonly named: Map<string, Identifier>;
  readonly variables: ReadonlySet<string>;
  rest: readonly Axis[] | undefined;
}

/** Binds the callee's variables to a tensor's axes. Reports and gives false where ranks or outer axes cannot fit. */
export function bindAxes(scope: Scope, matching: Matching, input: Input, type: ValueType, at: Span): boolean {
  const declared = input.type.axes ?? [];
  const dots = declared.findIndex(({ kind }) => kind === "rest");
  const fixed = declared.length - (dots >= 0 ? 1 : 0);
  if (type.axes.length < fixed || (dots < 0 && type.axes.length !== fixed)) {
    const expected = `${dots >= 0 ? "at least " : ""}${fixed} ${fixed === 1 ? "axis" : "axes"} for ${input.name.name}`;
    report(scope, "T208", { expected, found: printType(type) }, at, {
      secondary: [mark(matching.callee, input.type.span, "declared here")],
    });
    return false;
  }
  if (dots >= 0) {
    const rest = type.axes.slice(dots, dots + type.axes.length - fixed);
    if (!matching.rest) matching.rest = rest;
    else if (!sameAxes(scope, matching.rest, rest)) {
      const what = `\`..\` is [${matching.rest.map(printAxis).join(", ")}] and [${rest.map(printAxis).join(", ")}]`;
      report(scope, "T202", { what }, at);
      return false;
    }
  }
  for (const [axis, actual] of paired(declared, type.axes)) {
    if (axis.kind === "rest" || axis.label?.name === undefined) continue;
    const bare = axis.dim.kind === "name" ? axis.dim.name : undefined;
    if (bare === undefined) continue;
    if (matching.variables.has(bare) && !matching.callee.sizes.has(bare)) {
      const named = matching.named.get(bare);
      if (named && named.name !== actual.label) {
        reportNamed(scope, named, type, actual, at);
        return false;
      }
      declareSize(matching.callee, bare, actual.dim);
      matching.labels.set(bare, actual.label);
    }
    if (scope.context.outer.has(bare) && actual.label !== bare && actual.label !== "..") {
      const what = `${input.name.name} needs the outer axis ${bare} where ${printType(type)} has ${printAxis(actual)}`;
      report(scope, "T202", { what }, at, { secondary: [mark(matching.callee, axis.span, "declared here")] });
      return false;
    }
  }
  return true;
}

/** `f[vocab](x)` where x does not end in vocab. */
function reportNamed(scope: Scope, named: Identifier, type: ValueType, actual: Axis, at: Span): void {
  const secondary = [mark(scope, at, printType(type))];
  if (type.axes.some(({ label }) => label === named.name)) {
    report(scope, "T208", { expected: `axis \`${named.name}\` last`, found: printType(type) }, named.span, {
      secondary,
    });
    return;
  }
  const help = actual.label === "" ? undefined : `did you mean [${actual.label}]?`;
  report(scope, "N106", { axis: named.name, type: printType(type) }, named.span, { secondary, help });
}

function sameAxes(scope: Scope, a: readonly Axis[], b: readonly Axis[]): boolean {
  return (
    a.length === b.length &&
    a.every((axis, n) => axis.label === b[n]?.label && equalDims(scope.context, axis.dim, b[n].dim) === "yes")
  );
}

/** Declared axes with the actual ones, `..` left out. */
function paired(
  declared: NonNullable<Type["axes"]>,
  actual: readonly Axis[],
): [NonNullable<Type["axes"]>[number], Axis][] {
  const dots = declared.findIndex(({ kind }) => kind === "rest");
  const skip = actual.length - (declared.length - 1);
  return declared.flatMap((axis, n): [typeof axis, Axis][] => {
    if (axis.kind === "rest") return [];
    const found = actual[dots >= 0 && n > dots ? n - 1 + skip : n];
    return found ? [[axis, found]] : [];
  });
}

/** After all is bound: every declared size must be the actual one. */
export function checkAxes(
  scope: Scope,
  matching: Matching,
  callee: string,
  input: Input,
  type: ValueType,
  at: Span,
): boolean {
  let fits = true;
  for (const [axis, actual] of paired(input.type.axes ?? [], type.axes)) {
    if (axis.kind === "rest") continue;
    const dim = evaluateDim(matching.callee, axis.dim);
    if (dim === undefined) return false;
    if (equalDims(scope.context, dim, actual.dim) === "yes") continue;
    fits = false;
    const sizes = [dim, actual.dim].map((d) => sizeText(scope, d));
    const what = `${callee} needs ${sizes[0]} where ${input.name.name} has ${sizes[1]}`;
    report(scope, "T202", { what }, at, {
      label: printType(type),
      secondary: [mark(matching.callee, axis.span, "declared here")],
    });
  }
  return fits;
}

function sizeText(scope: Scope, dim: Dim): string {
  const number = numberOf(scope.context, dim);
  const text = printDim(dim);
  return number === undefined || text === String(number) ? text : `${text} = ${number}`;
}

/** The argument under the callee's labels. Labels of `..` that the callee uses itself step aside. */
export function enterAxes(matching: Matching, input: Input, actual: Value): readonly Axis[] {
  const declared = input.type.axes ?? [];
  const dots = declared.findIndex(({ kind }) => kind === "rest");
  const count = actual.type.axes.length - (declared.length - (dots >= 0 ? 1 : 0));
  let at = 0;
  return declared.flatMap((axis): Axis[] => {
    if (axis.kind === "rest") {
      const axes = actual.type.axes.slice(at, at + count);
      at += count;
      return axes.map(({ label, dim }, n) => ({ label: matching.callee.rest[n]?.label ?? label, dim }));
    }
    const own = actual.type.axes[at++] as Axis;
    return [{ label: axis.label?.name ?? (axis.dim.kind === "name" ? axis.dim.name : ""), dim: own.dim }];
  });
}

/** Labels of a result as the caller knows them. */
export function leaveAxes(matching: Matching, axes: readonly Axis[]): Axis[] {
  const back = new Map(matching.callee.rest.map(({ label }, n) => [label, matching.rest?.[n]?.label ?? label]));
  const renamed = axes.map(({ label, dim }) => ({
    label: back.get(label) ?? matching.labels.get(label) ?? label,
    dim,
  }));
  // Two axes of one name cannot be told apart: the later one loses it.
  const seen = new Set<string>();
  return renamed.map((axis) => {
    if (axis.label === "" || !seen.has(axis.label)) {
      seen.add(axis.label);
      return axis;
    }
    return { ...axis, label: "" };
  });
}

/** `..` inside: the caller's axes, but for labels that the callee uses itself. */
export function insideRest(rest: readonly Axis[], own: ReadonlySet<string>): Axis[] {
  return rest.map(({ label, dim }) => ({ label: own.has(label) && label !== ".." ? `${label}_` : label, dim }));
}

/** For a function: axes of one size have one name inside, whatever its callers call them, so that equal calls are one function. */
export function canonicalRest(rest: readonly Axis[], own: ReadonlySet<string>): Axis[] {
  const taken = new Set<string>(own);
  return rest.map(({ label, dim }) => {
    const wanted = asAtom(dim)?.name ?? label;
    let name = wanted;
    while (name !== "" && taken.has(name)) name = `${name}_`;
    taken.add(name);
    return { label: name, dim };
  });
}

/** A declared result against the value returned: same rank, labels and sizes, position by position. */
export function checkResult(scope: Scope, declared: ValueType, found: Value, at: Span, declaredAt: Span): boolean {
  const actual = found.type;
  const fits =
    actual.dtype === declared.dtype &&
    actual.axes.length === declared.axes.length &&
    declared.axes.every((axis, n) => {
      const other = actual.axes[n] as Axis;
      const labelled =
        axis.label === other.label || axis.label === "" || other.label === "" || !sameRole(scope, axis, other);
      return labelled && equalDims(scope.context, axis.dim, other.dim) === "yes";
    });
  if (fits) return true;
  report(scope, "T202", { what: `${scope.owner} returns ${printType(actual)}, not ${printType(declared)}` }, at, {
    label: printType(actual),
    secondary: [mark(scope, declaredAt, "declared here")],
  });
  return false;
}

/** Labels must agree where both name known axes of this scope: a swap of equal sizes is an error. */
function sameRole(scope: Scope, a: Axis, b: Axis): boolean {
  return scope.sizes.has(a.label) && scope.sizes.has(b.label);
}

/** The returned value under the declared labels. */
export function asDeclared(scope: Scope, declared: ValueType, found: Value): Value {
  return relabel(
    scope,
    use(scope.builder, found),
    declared.axes.map(({ label }, n) => ({ label, dim: (found.type.axes[n] as Axis).dim })),
  );
}
