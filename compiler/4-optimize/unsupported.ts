/** What this version cannot write as code yet: said as a diagnostic, before anything is emitted. */
import type { Function, Module, Node, Region, Value } from "../ir/graph.js";
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
      return isSimpleLookUp(node) ? [] : [`a look-up along several axes at once${where}`];
    case "attend":
      return [node.mask, node.score].flatMap((region) => (region && readsData(region) ? [`a mask or score that reads a tensor${where}`] : []));
    default:
      return [];
  }
}

/** One index into the first axis, or one entry of the last axis for each entry of the others. */
export function isSimpleLookUp({ table, axes, indices }: Extract<Node, { op: "gather" }>): boolean {
  const [index, second] = indices;
  const [axis] = axes;
  if (!index || second || axis === undefined) return false;
  const shared = index.type.axes.filter(({ label }) => label !== "" && table.type.axes.some((other, n) => n !== axis && other.label === label));
  if (shared.length === 0) return true;
  const eachEntry = shared.length === index.type.axes.length && table.type.axes.length === shared.length + 1 && axis === shared.length;
  return eachEntry && index.type.axes.every(({ dim }, n) => sameDim(dim, table.type.axes[n]?.dim ?? dim));
}

/** Regions are written over positions, sizes and constants. */
function readsData({ body, parameters }: Region): boolean {
  const inside = new Set<Value>(parameters);
  return body.some((node) => {
    if (node.op !== "map" && node.op !== "constant" && node.op !== "size" && node.op !== "rename") return true;
    inside.add(node.out);
    return node.op === "map" && node.operands.some((operand) => !inside.has(operand));
  });
}
