/**
 * Matching a call to a signature: one way, from the argument to the declared type. Bare variables bind first; what is
 * bound already becomes a check. Inside, axes carry the callee's labels; the result carries the caller's again.
 */
import type { Identifier, Input, Span, Type } from "../../grammar/ast.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import type { Axis, Value, ValueType } from "../ir/graph.js";
import { asAtom, printDim, type Dim } from "../shapes/index.js";
import { use } from "./builder.js";
import { equalDims, numberOf } from "./decide.js";
import { through, type Mend } from "./mend/mend.js";
import { cut, mendResult, projected, reordered, resized } from "./mend/shapes.js";
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
  /** The argument that `rest` was taken from. */
  restFrom?: { readonly name: string; readonly type: ValueType; readonly at: Span };
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
    if (!matching.rest) {
      matching.rest = rest;
      matching.restFrom = { name: input.name.name, type, at };
    } else if (!sameAxes(scope, matching.rest, rest)) {
      reportRest(scope, matching.rest, matching.restFrom, { rest, name: input.name.name, type, at });
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
      const secondary = [mark(matching.callee, axis.span, "declared here")];
      report(scope, "T202", { what }, at, { secondary, ...outerInPlace(scope, declared, type, at) });
      return false;
    }
  }
  return true;
}

/** Both are `..`, so they must agree: `cross_entropy(logits, labels)` has a label for each row of logits. */
function reportRest(
  scope: Scope,
  known: readonly Axis[],
  first: Matching["restFrom"],
  second: { rest: readonly Axis[]; name: string; type: ValueType; at: Span },
): void {
  const differs = known.findIndex((axis, n) => !sameAxes(scope, [axis], second.rest.slice(n, n + 1)));
  const [a, b] = [known[differs], second.rest[differs]];
  const lengths = known.length === second.rest.length && a && b && a.label === b.label;
  const what = lengths
    ? `${first?.name} has ${printDim(a.dim)} along ${a.label}, ${second.name} has ${printDim(b.dim)}`
    : `${first?.name} has the axes [${known.map(printAxis).join(", ")}], ${second.name} has [${second.rest.map(printAxis).join(", ")}]`;
  const mend = lengths && first ? cut(scope, [a, first.at], [b, second.at]) : undefined;
  const [primary, other] = mend?.long === "first" && first ? [first, second] : [second, first];
  report(scope, "T202", { what }, primary.at, {
    label: printType(primary.type),
    secondary: other ? [mark(scope, other.at, printType(other.type))] : [],
    ...(mend && { help: mend.help, fixes: mend.fixes }),
  });
}

/** `[seq, batch, d]` for `[batch, seq, d]`: the outer axes go where they are declared, the others keep their order. */
function outerInPlace(scope: Scope, declared: NonNullable<Type["axes"]>, { axes }: ValueType, at: Span): Partial<Mend> {
  const isOuter = (label: string): boolean => scope.context.outer.has(label);
  const labels = axes.map(({ label }) => label);
  const others = labels.filter((label) => !isOuter(label));
  const wanted = declared.map((axis) =>
    axis.kind === "axis" && axis.dim.kind === "name" && isOuter(axis.dim.name) ? axis.dim.name : (others.shift() ?? ""),
  );
  const stage = reordered(labels, wanted);
  if (stage === undefined) return {};
  return { help: `put the axes in order first: \`${stage}\``, fixes: through(scope, at, stage) };
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
  const size = scope.names.get(named.name);
  const blame = size?.kind === "int" ? resized(scope, actual, type, size.dim) : undefined;
  if (blame) {
    const what = `axis \`${named.name}\` is due where this has ${printAxis(actual)}`;
    return report(scope, "T202", { what }, blame.at, {
      secondary: [mark(scope, named.span, "due here")],
      help: blame.help,
      fixes: blame.fixes,
    });
  }
  const meant = didYouMean(mark(scope, named.span), actual.label === "" ? undefined : actual.label);
  report(scope, "N106", { axis: named.name, type: printType(type) }, named.span, { secondary, ...meant });
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
    const blame = resized(scope, actual, type, dim);
    const mend = blame ?? projected(scope, at, type, actual, dim);
    report(scope, "T202", { what }, blame?.at ?? mark(scope, at, printType(type)), {
      secondary: [...(blame ? [mark(scope, at)] : []), mark(matching.callee, axis.span, "declared here")],
      help: mend?.help,
      fixes: mend?.fixes,
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
  const taken = new Set([...own, ...rest.map(({ label }) => label)]);
  return rest.map(({ label, dim }) => {
    if (label === ".." || (label !== "" && !own.has(label))) return { label, dim };
    return { label: apart(label, taken), dim };
  });
}

/** A label that nothing has yet. An anonymous axis gets one too: what `..` stands for is the same axes everywhere inside. */
function apart(wish: string, taken: Set<string>): string {
  let label = wish === "" ? "axis" : wish;
  while (taken.has(label)) label = `${label}_`;
  taken.add(label);
  return label;
}

/** For a function: axes of one size have one name inside, whatever its callers call them, so that equal calls are one function. */
export function canonicalRest(rest: readonly Axis[], own: ReadonlySet<string>): Axis[] {
  const taken = new Set<string>(own);
  return rest.map(({ label, dim }) => ({ label: apart(asAtom(dim)?.name ?? label, taken), dim }));
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
  const { at: blamed, help, fixes } = mendResult(scope, at, actual, declared);
  const what = `${scope.owner} returns ${printType(actual)}, not ${printType(declared)}`;
  report(scope, "T202", { what }, blamed ?? mark(scope, at, printType(actual)), {
    secondary: [mark(scope, declaredAt, "declared here")],
    help,
    fixes,
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
