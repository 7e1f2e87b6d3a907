/** Look-ups and slices stay within their axes: proved, bounded on entry, or demanded of those who know. */
import type { Span } from "../../grammar/ast.js";
import type { Value } from "../ir/graph.js";
import {
  asAtom,
  asConstant,
  atomsOf,
  constant,
  printDim,
  subtract,
  type Condition,
  type Dim,
} from "../shapes/index.js";
import { numberOf } from "./decide.js";
import type { Demand } from "./demand.js";
import { isUnknown } from "./ends.js";
import { computedEntry, isChosen } from "./entries.js";
import { factToAdd } from "./fact-to-add.js";
import { meet } from "./meet.js";
import { edit, sourceOf, type Mend } from "./mend/mend.js";
import { grown, type Blame } from "./mend/shapes.js";
import { report, type Scope } from "./scope.js";
import { printSize, printType } from "./types.js";

/** Whether each entry of an index lies in `0..size-1`; undefined: nothing is known of them. */
export function checkRange(
  scope: Scope,
  known: Dim | undefined,
  table: Value,
  axis: number,
  span: Span,
  indexSpan: Span,
): boolean {
  const found = table.type.axes[axis];
  if (!found) return false;
  const index = known ?? computedEntry("index");
  const demand: Range = { kind: "range", index, size: found.dim, axis: found.label };
  return meet(scope, demand, span, (wanting) => {
    const what = describeRange(scope, demand);
    const { at, ...mend } = mendRange(scope, demand, wanting, indexSpan);
    const rows = at ? [at] : [];
    report(scope, "T204", { what }, span, { label: printType(table.type), secondary: rows, ...mend });
  });
}

type Range = Extract<Demand, { kind: "range" }>;

export function describeRange(scope: Scope, { index, size, axis }: Range): string {
  const count = `${printSize(size, numberOf(scope.context, size))} entries`;
  const entries = axis === "" ? count : `${count} of \`${axis}\``;
  if (isUnknown(index)) return `nothing keeps this index within the ${entries}`;
  const position = asAtom(index);
  if (position?.role === "entry" && position.max) {
    const last = printDim(subtract(position.max, constant(1)));
    return `indices 0..${last} may run past ${count}`;
  }
  if (atomsOf(index).some(isChosen)) return `this index may run past the ${entries}`;
  return asConstant(index) === undefined
    ? `index ${printDim(index)} may run past the ${entries}`
    : `index ${printDim(index)} is past the ${entries}`;
}

/** The `where` that keeps it in range; for what is computed, its ends. */
function mendRange(scope: Scope, { index, size }: Range, wanting: readonly Condition[], at: Span): Partial<Blame> {
  if (wanting.length > 0) return factToAdd(scope, wanting);
  if (!isUnknown(index)) return grown(scope, index, size) ?? {};
  return clipped(scope, at, size);
}

/** `max(0, min(x, n - 1))`. */
export function clipped(scope: Scope, at: Span, size: Dim): Mend {
  const text = `max(0, min(${sourceOf(scope, at)}, ${printDim(subtract(size, constant(1)))}))`;
  return { help: `clip it: \`${text}\``, fixes: [edit(scope, at, text)] };
}

export function checkSlice(scope: Scope, from: Dim, to: Dim, operand: Value, axis: number, span: Span): boolean {
  const found = operand.type.axes[axis];
  if (!found) return false;
  return meet(scope, { kind: "slice", from, to, size: found.dim, axis: found.label }, span, (wanting) => {
    const what = `slice ${printDim(from)}..${printDim(to)} runs past axis ${found.label} of ${printType(operand.type)}`;
    report(scope, "T204", { what }, span, factToAdd(scope, wanting));
  });
}
