/** Drops nodes that nothing uses and that store nothing. */
import type { Function, Node, Value } from "./graph.js";
import { hasEffect } from "./has-effect.js";
import { outsOf, regionsOf, usesOf } from "./operands.js";

export function eliminateDeadCode(made: Function): Function {
  return { ...made, body: liveNodes(made.body, made.results) };
}

function liveNodes(body: readonly Node[], results: readonly Value[]): Node[] {
  const live = new Set<Value>(results);
  const kept: Node[] = [];
  for (const node of [...body].reverse()) {
    if (!hasEffect(node) && !outsOf(node).some((out) => live.has(out))) continue;
    for (const region of regionsOf(node))
      region.body.splice(0, region.body.length, ...liveNodes(region.body, region.results));
    for (const use of usesOf(node)) live.add(use);
    kept.push(node);
  }
  return kept.reverse();
}
