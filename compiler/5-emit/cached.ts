/** What of a module keeps a cache between the steps of decoding. */
import { functionsOf, nodesOf } from "../ir/functions.js";
import type { Function, Module } from "../ir/graph.js";
import { asAtom, type Atom, type Dim } from "../shapes/index.js";

export function usesCache(made: Function): boolean {
  return nodesOf(made).some(
    (node) =>
      (node.op === "attend" && node.cache) ||
      (node.op === "positions" && node.offset) ||
      (node.op === "table" && node.offsets.some(Boolean)),
  );
}

/** The run-time size that grows as tokens are decoded. */
export function cachedAtom(module: Module): Atom | undefined {
  for (const made of functionsOf(module)) {
    for (const node of nodesOf(made)) {
      if (node.op === "positions" && node.offset) return asAtom(node.out.type.axes[0]?.dim as Dim);
      if (node.op === "table" && node.offsets.some(Boolean))
        return asAtom(node.out.type.axes[node.offsets.indexOf(true)]?.dim as Dim);
      if (node.op === "attend" && node.cache)
        return asAtom(node.query.type.axes.find(({ label }) => label === node.i)?.dim as Dim);
    }
  }
  return undefined;
}
