/** Operands of an elementwise operation, aligned by label, never by position; size 1 never stretches. */
import type { Mark } from "../diagnostics/problem.js";
import type { Axis, Value } from "../ir/graph.js";
import { ask, atomsOf, compare, evaluate, printDim } from "../shapes/index.js";
import type { Operands } from "./arithmetic.js";
import { equalDims, numberOf } from "./decide.js";
import { typeAndPlace } from "./declared-at.js";
import { mendSizes, renamed } from "./mend/operands.js";
import type { Blame } from "./mend/shapes.js";
import { mark, report, type Scope } from "./scope.js";
import { printAxis, printType } from "./types.js";

/** The axes of the result, or undefined (reported) where operands do not fit. */
export function broadcast(scope: Scope, operands: readonly Value[], at: Operands): readonly Axis[] | undefined {
  const base = operands.reduce((a, b) => (b.type.axes.length > a.type.axes.length ? b : a));
  let axes = base.type.axes;
  for (const operand of operands) {
    if (operand === base) continue;
    // The longer one is the base, on whichever side it stands.
    const places = operands.indexOf(base) < operands.indexOf(operand) ? at : { ...at, left: at.right, right: at.left };
    const joined = join(scope, axes, operand.type.axes, base, operand, places);
    if (!joined) return undefined;
    axes = joined;
  }
  const { order } = scope;
  if (!order || axes.length < 2) return axes;
  const rank = ({ label }: Axis): number => order.indexOf(label);
  return [...axes].sort((a, b) => rank(a) - rank(b));
}

function join(
  scope: Scope,
  axes: readonly Axis[],
  others: readonly Axis[],
  base: Value,
  operand: Value,
  at: Operands,
): readonly Axis[] | undefined {
  const extra: Axis[] = [];
  const partners = new Map<Axis, Axis>();
  for (const [n, axis] of others.entries()) {
    // An anonymous axis can only be matched by its position, counted from the last axis.
    const opposite = axes[axes.length - others.length + n];
    const named = axis.label === "" ? undefined : axes.find(({ label }) => label === axis.label);
    const partner = named ?? (axis.label === "" || opposite?.label === "" ? opposite : undefined);
    if (!partner || partners.has(partner)) {
      if (scope.order && axis.label !== "") {
        extra.push(axis);
        continue;
      }
      reportAxis(scope, base, operand, axis, opposite, at);
      return undefined;
    }
    partners.set(partner, axis);
    if (equalDims(scope.context, partner.dim, axis.dim) === "yes") continue;
    reportDims(scope, base, operand, partner, axis, at);
    return undefined;
  }
  // An anonymous axis takes the label of the one it was matched with.
  return [
    ...axes.map((axis) => (axis.label === "" ? { ...axis, label: partners.get(axis)?.label ?? "" } : axis)),
    ...extra,
  ];
}

function sides(
  scope: Scope,
  a: Value,
  b: Value,
  at: Operands,
): { span: Operands["span"]; details: { label?: string; secondary?: readonly Mark[] } } {
  if (at.left === at.right || at.left.span === at.span) return { span: at.operatorSpan, details: {} };
  const both = [
    mark(scope, at.left.span, typeAndPlace(scope, a)),
    mark(scope, at.right.span, typeAndPlace(scope, b)),
  ] as const;
  const [first, second] = at.left.span.start <= at.right.span.start ? both : [both[1], both[0]];
  return { span: first.span, details: { label: first.label ?? "", secondary: [second] } };
}

function reportDims(scope: Scope, base: Value, operand: Value, a: Axis, b: Axis, at: Operands): void {
  const numbers = [numberOf(scope.context, a.dim), numberOf(scope.context, b.dim)];
  const known = numbers.every((n) => n !== undefined) && numbers.join() !== `${printDim(a.dim)},${printDim(b.dim)}`;
  const what =
    at.verb === "residual"
      ? `residual adds ${printDim(b.dim)} to ${printDim(a.dim)}`
      : `this combines ${printDim(a.dim)} with ${printDim(b.dim)}`;
  reportOperands(scope, what, [base, operand], at, {
    notes: known ? [`here ${numbers[0]} and ${numbers[1]}`] : difference(scope, a, b),
    ...mendSizes(scope, at, [base, a], [operand, b]),
  });
}

/** Points at where a size was written, if that is known, else at the left operand; and at the operands, with their types. */
function reportOperands(
  scope: Scope,
  what: string,
  [base, operand]: readonly [Value, Value],
  at: Operands,
  { at: blamed, ...details }: Partial<Blame> & { notes?: readonly string[] },
): void {
  const { span, details: marks } = sides(scope, base, operand, at);
  if (!blamed) return report(scope, "T202", { what }, span, { ...marks, ...details });
  const operands = marks.label === undefined ? [] : [mark(scope, span, marks.label)];
  report(scope, "T202", { what }, blamed, { ...details, secondary: [...operands, ...(marks.secondary ?? [])] });
}

/** A valuation for which two sizes differ, with the numbers. */
function difference({ context }: Scope, a: Axis, b: Axis): string[] {
  const answer = ask(compare("==", a.dim, b.dim), context.facts, { preferred: context.preferred });
  if (answer.kind !== "refuted") return [];
  const sizes = [a, b].map(({ dim }) => evaluate(dim, (atom) => answer.witness.get(atom)));
  const atoms = [...answer.witness].filter(([atom]) => [...atomsOf(a.dim), ...atomsOf(b.dim)].includes(atom));
  if (sizes.includes(undefined) || atoms.length === 0) return [];
  const values = `${atoms.map(([atom, n]) => `${atom.name} = ${n}`).join(", ")}: ${sizes[0]} and ${sizes[1]}`;
  if (answer.satisfiable !== false) return [`they differ, for instance, for ${values}`];
  return [`they differ for every ${atoms.map(([{ name }]) => name).join(", ")}, for instance ${values}`];
}

function reportAxis(
  scope: Scope,
  base: Value,
  operand: Value,
  axis: Axis,
  opposite: Axis | undefined,
  at: Operands,
): void {
  const sameSize = opposite && opposite.label !== "" && equalDims(scope.context, opposite.dim, axis.dim) === "yes";
  const what =
    opposite && base.type.axes.length === operand.type.axes.length
      ? at.verb === "residual" && !sameSize
        ? `residual adds ${printAxis(axis)} to ${printAxis(opposite)}`
        : `${at.verb ?? "this"} combines axis ${printAxis(opposite)} with axis ${printAxis(axis)}`
      : `${printType(base.type)} has no axis ${printAxis(axis)}`;
  const mend = sameSize
    ? renamed(scope, at, operand, axis, opposite)
    : opposite
      ? mendSizes(scope, at, [base, opposite], [operand, axis])
      : {};
  reportOperands(scope, what, [base, operand], at, mend);
}
