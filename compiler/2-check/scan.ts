/**
 * `scan[tgt](yt = y, h = h0) { ...; yield h }`: entries that have the axis are read one at a time, the others go round. What is
 * yielded at each step is joined along the axis. A layer inside is one layer, with the same weights at each step.
 */
import type { EffectStatement, Scan, Setting } from "../../grammar/ast.js";
import type { Axis, Node, Value } from "../ir/graph.js";
import { use, value } from "./builder.js";
import { equalDims } from "./decide.js";
import { evaluate } from "./expressions.js";
import { unknown, type Meaning } from "./meaning.js";
import { describe } from "./numbers.js";
import { sameShape } from "./same-shape.js";
import { scalar } from "./scalars.js";
import { inner, mark, report, withNodes, type Scope } from "./scope.js";
import { readStatements } from "./statements.js";
import { printAxis, printType } from "./types.js";

interface Entry {
  readonly name: string;
  readonly setting: Setting;
  readonly initial: Value;
  readonly parameter: Value;
  /** The position of the scanned axis; absent for what goes round. */
  readonly axis: number | undefined;
}

export function evaluateScan(scope: Scope, scan: Scan): Meaning {
  const label = scan.axis.name;
  if (scope.context.outer.has(label) && !scope.inLoss) {
    report(scope, "T205", { operation: "scan", axis: label }, scan.axis.span, {
      label: "outer axis: its entries are independent examples",
    });
    return unknown;
  }
  const yields: Yielded[] = [];
  const there = inner(scope, { yields });
  const entries = scan.carried.map((setting) => readEntry(scope, there, label, setting));
  if (entries.includes(undefined)) return unknown;
  const read = entries.filter((entry) => entry !== undefined);
  const scanned = read.filter(({ axis }) => axis !== undefined);
  const axis = scannedAxis(scope, scan, scanned);
  if (!axis) return unknown;
  const body: Node[] = [];
  withNodes(scope, body, () => readStatements(there, scan.body));
  const step = yieldedStep(scope, scan, yields);
  const carried = read.flatMap((entry) => carriedOn(scope, there, entry) ?? []);
  if (!step || carried.length < read.length - scanned.length) return unknown;
  const found = use(scope.builder, step);
  const at = Math.min(scanned[0]?.axis ?? 0, found.type.axes.length);
  if (found.type.axes.some((own) => own.label === label)) {
    const type = printType(found.type);
    report(scope, "T209", { axis: label, type: `what is yielded, ${type},` }, yields[0]?.span ?? scan.span);
    return unknown;
  }
  const axes = [...found.type.axes.slice(0, at), axis, ...found.type.axes.slice(at)];
  const out = value(scope.builder, step.name, found.type.dtype, axes);
  scope.builder.nodes.push({
    op: "scan",
    length: axis.dim,
    scanned: scanned.map(({ initial, parameter, axis: from = 0 }) => ({ operand: initial, axis: from, parameter })),
    carried,
    body,
    step: found,
    axis: at,
    out,
  });
  return { kind: "tensor", value: out };
}

/** What one `yield` gives. */
export interface Yielded {
  readonly meaning: Meaning;
  readonly span: EffectStatement["span"];
}

export function readYield(scope: Scope, { value: written, span }: EffectStatement): void {
  if (scope.yields && scope.loop === undefined) {
    scope.yields.push({ meaning: evaluate(scope, written), span: written.span });
    return;
  }
  const found = scope.yields ? `it in \`repeat ${scope.loop}\`` : "it outside of any";
  report(scope, "T208", { expected: "`yield` in the body of a `scan`", found }, span);
}

/** One entry: a tensor with the axis is scanned, everything else goes round. */
function readEntry(scope: Scope, there: Scope, label: string, setting: Setting): Entry | undefined {
  const meaning = evaluate(scope, setting.value);
  const { name } = setting.name;
  if (meaning.kind === "unknown") {
    there.names.set(name, unknown);
    return undefined;
  }
  const dtype = meaning.kind === "int" ? "i32" : meaning.kind === "bool" ? "bool" : "f32";
  const initial = scalar(scope, meaning, dtype, setting.value.span);
  if (!initial) return undefined;
  const { axes } = initial.type;
  const axis = axes.findIndex((each) => each.label === label);
  const inside = axis < 0 ? axes : axes.filter((_, n) => n !== axis);
  const parameter = value(scope.builder, name, initial.type.dtype, inside);
  const index = axis >= 0 && meaning.kind === "tensor" ? meaning.index : undefined;
  there.names.set(name, { kind: "tensor", value: parameter, index });
  return { name, setting, initial, parameter, axis: axis < 0 ? undefined : axis };
}

/** The axis that all scanned entries have, of one size. */
function scannedAxis(scope: Scope, scan: Scan, scanned: readonly Entry[]): Axis | undefined {
  const [first, ...others] = scanned;
  const axis = first?.initial.type.axes[first.axis ?? 0];
  if (!first || !axis) {
    report(scope, "N106", { axis: scan.axis.name, type: "what is scanned" }, scan.axis.span, {
      help: `scan a tensor along its axis: scan[${scan.axis.name}](entry = x)`,
    });
    return undefined;
  }
  for (const other of others) {
    const own = other.initial.type.axes[other.axis ?? 0];
    if (!own || equalDims(scope.context, own.dim, axis.dim) === "yes") continue;
    const what = `scan reads ${printAxis(axis)} and ${printAxis(own)} in step`;
    const secondary = [mark(scope, first.setting.value.span, printType(first.initial.type))];
    report(scope, "T202", { what }, other.setting.value.span, { label: printType(other.initial.type), secondary });
    return undefined;
  }
  return axis;
}

function yieldedStep(scope: Scope, scan: Scan, yields: readonly Yielded[]): Value | undefined {
  const [first, second] = yields;
  if (!first) {
    // A `return` in its place has been reported.
    if (!scan.body.statements.some(({ kind }) => kind === "return"))
      report(scope, "N108", { name: "yield", callee: "scan" }, scan.span, { help: "end its body with `yield ...`" });
    return undefined;
  }
  if (second) {
    const secondary = [mark(scope, first.span, "first here")];
    report(scope, "T208", { expected: "one `yield` in a `scan`", found: "a second" }, second.span, { secondary });
    return undefined;
  }
  if (first.meaning.kind === "tensor") return first.meaning.value;
  if (first.meaning.kind !== "unknown")
    report(scope, "T208", { expected: "a tensor", found: describe(first.meaning.kind) }, first.span);
  return undefined;
}

/** What goes round must come out as it went in. */
function carriedOn(
  scope: Scope,
  there: Scope,
  { name, initial, parameter, axis, setting }: Entry,
): { initial: Value; parameter: Value; next: Value } | undefined {
  if (axis !== undefined) return undefined;
  const after = there.names.get(name);
  if (!after || after.kind === "unknown") return undefined;
  const found = after.kind === "tensor" ? printType(after.value.type) : describe(after.kind);
  if (after.kind === "tensor" && sameShape(scope, after.value.type, parameter.type)) {
    const sameLabels = parameter.type.axes.every(({ label }, n) => label === after.value.type.axes[n]?.label);
    if (sameLabels) return { initial, parameter, next: use(scope.builder, after.value) };
  }
  const what = `${name} goes in as ${printType(initial.type)} and comes out as ${found}`;
  report(scope, "T202", { what }, setting.value.span, { label: "each step must keep its type" });
  return undefined;
}
