/** Addresses: labels open subtrees of weights; the same address is the same weights. */
import type { Span } from "../../grammar/ast.js";
import type { Weight, WeightList, WeightTree } from "../ir/graph.js";
import { asAtom, asConstant, type Dim } from "../shapes/index.js";
import { concrete, equalDims } from "./decide.js";
import { report, type Scope } from "./scope.js";

export function emptyTree(): WeightTree {
  return { kind: "tree", entries: new Map() };
}

/** The subtree at `segments` below the scope's own, made where it is new. */
export function descend(
  scope: Scope,
  segments: readonly (string | Dim)[],
  block: string,
  span: Span,
): { tree: WeightTree; path: (string | Dim)[] } | undefined {
  const [label, index] = segments;
  if (typeof label !== "string") return undefined;
  const known = scope.tree.entries.get(label);
  if (known?.kind === "weight") {
    report(scope, "N104", { name: label }, span, { notes: ["a weight has this address"] });
    return undefined;
  }
  if (index === undefined || typeof index === "string") {
    if (known && known.kind !== "tree") {
      report(scope, "N104", { name: label }, span, {
        notes: [`${label} is a list of layers: write ${label}[0] or ${label}[i]`],
      });
      return undefined;
    }
    const tree = known ?? emptyTree();
    scope.tree.entries.set(label, tree);
    return { tree, path: [label] };
  }
  if (known?.kind === "tree") {
    report(scope, "N104", { name: label }, span, { notes: [`${label} is one ${block}, not a list`] });
    return undefined;
  }
  const list = indexed(scope, known, index);
  if (!list) {
    report(scope, "U901", { what: `an index of ${label} other than a number or the loop's own counter` }, span);
    return undefined;
  }
  scope.tree.entries.set(label, list.list);
  return { tree: list.tree, path: [label, index] };
}

/** `h[i]` in `repeat i < depth` opens `depth` layers alike; `norm[0]` one of several. */
function indexed(
  scope: Scope,
  known: WeightList | undefined,
  index: Dim,
): { list: WeightList; tree: WeightTree } | undefined {
  const literal = asConstant(concrete(scope.context, index));
  if (literal !== undefined) {
    if (known?.kind === "repeated") return known.each.kind === "tree" ? { list: known, tree: known.each } : undefined;
    const items = known?.items ?? [];
    while (items.length <= literal) items.push(emptyTree());
    const item = items[literal];
    return item?.kind === "tree" ? { list: { kind: "listed", items }, tree: item } : undefined;
  }
  const count = countOf(index);
  if (!count || known?.kind === "listed") return undefined;
  if (known && equalDims(scope.context, known.count, count) !== "yes") return undefined;
  const each = known?.each ?? emptyTree();
  return each.kind === "tree" ? { list: { kind: "repeated", count, each }, tree: each } : undefined;
}

/** How many layers an index runs over: `i` below `depth` gives `depth`. */
function countOf(index: Dim): Dim | undefined {
  return asAtom(index)?.max;
}

/** Every weight with its address, `h.{i}.attn.q.weight` for repeated ones, and how often it stands. */
export function forEachWeight(
  tree: WeightTree,
  visit: (
    address: readonly (string | { readonly index: string; readonly count: Dim } | number)[],
    weight: Weight,
  ) => void,
): void {
  const indexNames = ["i", "j", "k", "l", "m", "n"];
  const walk = (
    node: Weight | WeightTree | WeightList,
    address: readonly (string | { index: string; count: Dim } | number)[],
    depth: number,
  ): void => {
    switch (node.kind) {
      case "weight":
        return visit(address, node);
      case "tree":
        for (const [name, entry] of node.entries) walk(entry, [...address, name], depth);
        return;
      case "repeated":
        return walk(node.each, [...address, { index: indexNames[depth] ?? `i${depth}`, count: node.count }], depth + 1);
      case "listed":
        return node.items.forEach((item, n) => walk(item, [...address, n], depth));
    }
  };
  walk(tree, [], 0);
}
