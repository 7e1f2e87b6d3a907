/** The values that results and stores depend on, among those that a run of nodes makes and reads. */
import type { Node, Value } from "./graph.js";
import { hasEffect } from "./has-effect.js";
import { outsOf, usesOf } from "./operands.js";

export function liveValues(body: readonly Node[], results: readonly Value[]): Set<Value> {
  const live = new Set<Value>(results);
  for (const node of [...body].reverse()) {
    if (hasEffect(node) || outsOf(node).some((out) => live.has(out))) for (const used of usesOf(node)) live.add(used);
  }
  return live;
}
