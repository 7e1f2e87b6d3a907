/** Whether a node does more than make its values: it stores into a cell, itself or in what it calls or repeats. */
import { nodesOf } from "./functions.js";
import type { Function, Node } from "./graph.js";

const known = new WeakMap<Function, boolean>();

export function hasEffect(node: Node): boolean {
  if (node.op === "store") return true;
  if (node.op === "call") return storesAny(node.callee);
  return (node.op === "repeat" || node.op === "scan" || node.op === "once") && node.body.some(hasEffect);
}

function storesAny(made: Function): boolean {
  const found = known.get(made) ?? nodesOf(made).some(hasEffect);
  known.set(made, found);
  return found;
}
