/** Operands of an elementwise operation, aligned by label, never by position; size 1 never stretches. */
import type { Axis, Value } from "../ir/graph.js";
import { ask, atomsOf, compare, evaluate, printDim } from "../shapes/index.js";
import type { Operands } from "./arithmetic.js";
import { equalDims, numberOf } from "./decide.js";
import { mark, report, type Scope } from "./scope.js";
import { printAxis, printType } from "./types.js";

/** The axes of the result, or undefined (reported) where operands do not fit. */
export function broadcast(scope: Scope, operands: readonly Value[], at: Operands): readonly Axis[] | undefined {
  const base = operands.reduce((a, b) => (b.type.axes.length > a.type.axes.length ? b : a));
  let axes = base.type.axes;
  for (const operand of operands) {
    if (operand === base) continue;
    const joined = join(scope, axes, operand.type.axes, base, operand, at);
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
  for (const [n, axis] of others.entries()) {
    // An anonymous axis can only be matched by its position, counted from the last axis.
    const opposite = axes[axes.length - others.length + n];
    const partner =
      axis.label === "" || opposite?.label === "" ? opposite : axes.find(({ label }) => label === axis.label);
    if (!partner || (axis.label !== "" && partner.label !== "" && partner.label !== axis.label)) {
      if (scope.order && axis.label !== "") {
        extra.push(axis);
        continue;
      }
      reportAxis(scope, base, operand, axis, opposite, at);
      return undefined;
    }
    if (equalDims(scope.context, partner.dim, axis.dim) === "yes") continue;
    reportDims(scope, base, operand, partner, axis, at);
    return undefined;
  }
  return [...axes.map((axis, n) => named(axis, others[others.length - axes.length + n])), ...extra];
}

/** An anonymous axis takes the label of the one it was matched with. */
const named = (axis: Axis, other: Axis | undefined): Axis =>
  axis.label === "" && other && other.label !== "" ? { ...axis, label: other.label } : axis;

function sides(
  scope: Scope,
  a: Value,
  b: Value,
  at: Operands,
): { span: Operands["span"]; details: Parameters<typeof report>[4] } {
  if (at.left === at.right || at.left.span === at.span) return { span: at.operatorSpan, details: {} };
  return {
    span: at.left.span,
    details: { label: printType(a.type), secondary: [mark(scope, at.right.span, printType(b.type))] },
  };
}

function reportDims(scope: Scope, base: Value, operand: Value, a: Axis, b: Axis, at: Operands): void {
  const [first, second] =
    at.verb === "residual" || at.left.span.start <= at.right.span.start ? [base, operand] : [operand, base];
  const { span, details } = sides(scope, first, second, at);
  const numbers = [numberOf(scope.context, a.dim), numberOf(scope.context, b.dim)];
  const known = numbers.every((n) => n !== undefined) && numbers.join() !== `${printDim(a.dim)},${printDim(b.dim)}`;
  const residual = at.verb === "residual";
  const what = residual
    ? `residual adds ${printDim(b.dim)} to ${printDim(a.dim)}`
    : `this combines ${printDim(a.dim)} with ${printDim(b.dim)}`;
  report(scope, "T202", { what }, span, {
    ...details,
    notes: known ? [`here ${numbers[0]} and ${numbers[1]}`] : difference(scope, a, b),
    help:
      a.label === "" && b.label === ""
        ? undefined
        : `bring both to ${printDim(a.dim)}, for instance with \`|> Linear{out: ${printDim(a.dim)}}\``,
  });
}

/** A valuation for which two sizes differ, with the numbers. */
function difference({ context }: Scope, a: Axis, b: Axis): string[] {
  const answer = ask(compare("==", a.dim, b.dim), context.facts);
  if (answer.kind !== "refuted") return [];
  const sizes = [a, b].map(({ dim }) => evaluate(dim, (atom) => answer.witness.get(atom)));
  const atoms = [...answer.witness].filter(([atom]) => [...atomsOf(a.dim), ...atomsOf(b.dim)].includes(atom));
  if (sizes.includes(undefined) || atoms.length === 0) return [];
  return [
    `they differ, for instance, for ${atoms.map(([atom, n]) => `${atom.name} = ${n}`).join(", ")}: ${sizes[0]} and ${sizes[1]}`,
  ];
}

function reportAxis(
  scope: Scope,
  base: Value,
  operand: Value,
  axis: Axis,
  opposite: Axis | undefined,
  at: Operands,
): void {
  const { span, details } = sides(scope, base, operand, at);
  const sameSize = opposite && opposite.label !== "" && equalDims(scope.context, opposite.dim, axis.dim) === "yes";
  const what =
    opposite && base.type.axes.length === operand.type.axes.length
      ? `${at.verb ?? "this"} combines axis ${printAxis(opposite)} with axis ${printAxis(axis)}`
      : `${printType(base.type)} has no axis ${printAxis(axis)}`;
  const help = sameSize ? `rename it: [${axis.label} -> ${opposite.label}]` : undefined;
  report(scope, "T202", { what }, span, { ...details, help });
}
