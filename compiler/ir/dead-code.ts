/** Drops nodes that nothing uses. Nodes of the graph have no effects, so this changes nothing else. */
import type { Function, Node, Value } from "./graph.js";
import { outsOf, regionsOf, usesOf } from "./operands.js";

export function eliminateDeadCode(made: Function): Function {
  return { ...made, body: liveNodes(made.body, [made.result]) };
}

function liveNodes(body: readonly Node[], results: readonly Value[]): Node[] {
  const live = new Set<Value>(results);
  const kept: Node[] = [];
  for (const node of [...body].reverse()) {
    if (!outsOf(node).some((out) => live.has(out))) continue;
    for (const region of regionsOf(node))
      region.body.splice(0, region.body.length, ...liveNodes(region.body, region.results));
    for (const use of usesOf(node)) live.add(use);
    kept.push(node);
  }
  return kept.reverse();
}
