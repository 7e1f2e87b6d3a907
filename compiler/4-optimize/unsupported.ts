/** What this version cannot write as code yet: said as a diagnostic, before anything is emitted. */
import type { Function, Module, Node, Value } from "../ir/graph.js";
import { functionsOf, nodesOf } from "../ir/functions.js";
import { sameDim } from "../shapes/index.js";

/** One phrase for each construct, each once. */
export function unsupportedOperations(module: Module): string[] {
  return [...new Set(functionsOf(module).flatMap((made) => nodesOf(made).flatMap((node) => reasonFor(node, made))))];
}

function reasonFor(node: Node, made: Function): string[] {
  const where = ` (in ${made.name})`;
  switch (node.op) {
    case "gather":
      return isSimpleLookUp(node) ? [] : [`this look-up${where}, whose index has axes of the table,`];
    default:
      return [];
  }
}

/** How many axes an index has in common with those of the table that are not looked up. */
export function sharedAxes({ table, axes }: Extract<Node, { op: "gather" }>, index: Value): number {
  return index.type.axes.filter(
    ({ label }) => label !== "" && table.type.axes.some((other, n) => !axes.includes(n) && other.label === label),
  ).length;
}

/** An index must not share axes with the rest of the table, unless it picks one entry of the last axis for each entry. */
function isSimpleLookUp(node: Extract<Node, { op: "gather" }>): boolean {
  const { table, axes, indices } = node;
  const [axis] = axes;
  if (indices.every((index) => sharedAxes(node, index) === 0)) return true;
  const [index] = indices;
  if (!index || indices.length > 1) return false;
  const eachEntry =
    sharedAxes(node, index) === index.type.axes.length &&
    table.type.axes.length === index.type.axes.length + 1 &&
    axis === index.type.axes.length;
  return eachEntry && index.type.axes.every(({ dim }, n) => sameDim(dim, table.type.axes[n]?.dim ?? dim));
}
