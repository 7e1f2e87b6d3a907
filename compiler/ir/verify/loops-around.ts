import type { Atom } from "../../shapes/index.js";
import { entriesOf, functionsOf } from "../functions.js";
import type { Function, Module, Node } from "../graph.js";

/** For each function, the counters of loops that surround it wherever it is called. Calls must not recurse. */
export function loopsAround(module: Module): ReadonlyMap<Function, ReadonlySet<Atom>> {
  const around = new Map<Function, ReadonlySet<Atom>>();
  for (const entry of entriesOf(module)) around.set(entry, new Set());
  const visit = (body: readonly Node[], loops: ReadonlySet<Atom>): void => {
    for (const node of body) {
      if (node.op === "repeat") visit(node.body, new Set([...loops, node.index]));
      if (node.op === "scan" || node.op === "once") visit(node.body, loops);
      if (node.op !== "call") continue;
      const others = around.get(node.callee);
      around.set(node.callee, others ? new Set([...others].filter((atom) => loops.has(atom))) : loops);
    }
  };
  // Callers before their callees.
  for (const made of functionsOf(module).reverse()) visit(made.body, around.get(made) ?? new Set());
  return around;
}
