import type { Function, Node, Value } from "../ir/graph.js";
import { operandsOf, regionsOf } from "../ir/operands.js";

/** How often each value is read: by nodes, by loops and regions as what they end in, and as the function's result. */
export function countUses(made: Function): Map<Value, number> {
  const uses = new Map<Value, number>();
  const add = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  const visit = (body: readonly Node[]): void => {
    for (const node of body) {
      operandsOf(node).forEach(add);
      for (const region of regionsOf(node)) {
        visit(region.body);
        region.results.forEach(add);
      }
    }
  };
  visit(made.body);
  made.results.forEach(add);
  return uses;
}
