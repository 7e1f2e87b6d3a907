/** Sizes that a function speaks of, and that none of its parameters has as an axis: its callers pass them, as numbers. */
import { functionsOf, nodesOf } from "../ir/functions.js";
import type { Function, Module, Node } from "../ir/graph.js";
import { ownPositions } from "./gather.js";
import { sizesIn } from "../ir/sizes-in.js";
import { asAtom, atomsOf, type Atom, type Dim } from "../shapes/index.js";

/** The model has none: every size of its own is an axis of an input. A task's head may see only what the model returns. */
export function passedSizes(module: Module): ReadonlyMap<Function, readonly Atom[]> {
  const known = new Set(module.config.flatMap(({ atom }) => atom ?? []));
  const passed = new Map<Function, readonly Atom[]>();
  for (const made of functionsOf(module)) {
    if (made === module.body) continue;
    const nodes = nodesOf(made);
    const own = new Set<Atom>(made.parameters.flatMap(({ type }) => type.axes.flatMap(({ dim }) => asAtom(dim) ?? [])));
    for (const node of nodes) if (node.op === "repeat") own.add(node.index);
    const spoken = nodes.flatMap((node) => [
      ...written(node).flatMap(atomsOf),
      ...(node.op === "call" ? (passed.get(node.callee) ?? []) : []),
    ]);
    const needed = [...new Set(spoken)].filter((atom) => !known.has(atom) && !own.has(atom));
    if (needed.length > 0) passed.set(made, needed);
  }
  return passed;
}

/** The sizes that a node's text names. */
function written(node: Node): readonly Dim[] {
  switch (node.op) {
    case "view":
      // The last part of an axis follows from the others.
      return node.split.flatMap((parts) => parts.slice(0, -1).map(({ dim }) => dim));
    case "expand":
    case "positions":
    case "table":
      return node.out.type.axes.map(({ dim }) => dim);
    case "gather":
      return ownPositions(node).map(({ dim }) => dim);
    default:
      return sizesIn(node);
  }
}
