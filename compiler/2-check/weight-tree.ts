/** Addresses: labels open subtrees of weights; the same address is the same weights. */
import type { Span } from "../../grammar/ast.js";
import type { Weight, WeightList, WeightTree } from "../ir/graph.js";
import type { WeightEntry } from "../ir/find-weight.js";
import { treeKey } from "../ir/tree-key.js";
import { add, asAtom, asConstant, constant, one, printDim, substitute, zero, type Dim } from "../shapes/index.js";
import { concrete, equalDims, numberOf } from "./decide.js";
import { report, type Scope } from "./scope.js";

export function emptyTree(): WeightTree {
  return { kind: "tree", entries: new Map() };
}

/** Where the index of a layer comes from. `below`: how far the loop's counter counts, where it is one. */
export interface LayerIndex {
  readonly below?: Dim | undefined;
  readonly isLiteral?: boolean;
}

/** The subtree at `segments` below the scope's own, made where it is new. */
export function descend(
  scope: Scope,
  segments: readonly (string | Dim)[],
  block: string,
  span: Span,
  counter: LayerIndex = {},
): { tree: WeightTree; path: (string | Dim)[] } | undefined {
  const [label, index] = segments;
  if (typeof label !== "string") return undefined;
  scope.context.readings.declared += 1;
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
  const dim = inAllTurns(scope, index);
  const list = indexed(scope, known, { ...counter, dim }, label, span);
  if (!list) return undefined;
  scope.tree.entries.set(label, list.list);
  return { tree: list.tree, path: [label, dim] };
}

/** An index as simple as the config makes it: `i * groups // depth` is 0 in every turn where there is one group. */
function inAllTurns({ context }: Scope, index: Dim): Dim {
  if (context.mode === "definition" || asAtom(index)) return index;
  const dim = concrete(context, index);
  const first = substitute(dim, ({ role }) => (role === "loop" ? zero : undefined));
  return asConstant(first) !== undefined && equalDims(context, dim, first) === "yes" ? first : dim;
}

/** Layers are counted in memory and in what is emitted; more of them are a slip of the pen. */
const mostLayers = 10_000;

/**
 * `h[i]` in `repeat i < depth` opens `depth` layers alike; `norm[0]` one of several. At a definition an index that is neither
 * a counter nor a number opens one of an unknown list: each config tells which.
 */
function indexed(
  scope: Scope,
  known: WeightList | undefined,
  index: LayerIndex & { readonly dim: Dim },
  label: string,
  span: Span,
): { list: WeightList; tree: WeightTree } | undefined {
  const { context } = scope;
  const number = asConstant(concrete(context, index.dim));
  const length = known?.kind === "repeated" ? numberOf(context, known.count) : mostLayers;
  if (number !== undefined && (number < 0 || number >= (length ?? Infinity))) {
    const expected = number < 0 ? "an index of at least 0" : `an index of ${label} below ${length}`;
    report(scope, "T208", { expected, found: String(number) }, span);
    return undefined;
  }
  if (known?.kind === "repeated") {
    const alike = number !== undefined || context.mode === "definition" || sameCount(scope, known, countOf(index));
    if (alike && known.each.kind === "tree") return { list: known, tree: known.each };
  } else if (number !== undefined) {
    const items = known?.items ?? [];
    while (items.length <= number) items.push(emptyTree());
    const item = items[number];
    const isCounted = known?.isCounted === true || index.isLiteral !== true;
    if (item?.kind === "tree") return { list: { kind: "listed", items, isCounted }, tree: item };
  } else if (context.mode === "definition") {
    const tree = emptyTree();
    if (known) return { list: known, tree };
    return { list: { kind: "repeated", count: countOf(index) ?? add(index.dim, one), each: tree }, tree };
  } else {
    const count = countOf(index);
    if (count && !known) {
      const each = emptyTree();
      return { list: { kind: "repeated", count, each }, tree: each };
    }
  }
  const found = `\`${label}[${printDim(index.dim)}]\``;
  report(scope, "T208", { expected: `an index of ${label} that the config decides`, found }, span);
  return undefined;
}

/** How many layers an index runs over: `i` below `depth` gives `depth`. */
function countOf({ dim, below }: LayerIndex & { readonly dim: Dim }): Dim | undefined {
  return below ?? asAtom(dim)?.max;
}

function sameCount(scope: Scope, known: { readonly count: Dim }, count: Dim | undefined): boolean {
  return count !== undefined && equalDims(scope.context, known.count, count) === "yes";
}

/** Gives what brings the tree back to what it is now, in place. */
export function remember(entry: WeightEntry): () => void {
  switch (entry.kind) {
    case "weight":
      return () => undefined;
    case "repeated":
      return remember(entry.each);
    case "tree": {
      const entries = [...entry.entries];
      const undo = entries.map(([, child]) => remember(child));
      return () => {
        entry.entries.clear();
        for (const [name, child] of entries) entry.entries.set(name, child);
        undo.forEach((each) => each());
      };
    }
    case "listed": {
      const items = [...entry.items];
      const undo = items.map(remember);
      return () => {
        entry.items.splice(0, entry.items.length, ...items);
        undo.forEach((each) => each());
      };
    }
  }
}

/** Layers that were counted one by one and came out alike are a list of so many alike. */
export function foldTree({ entries }: WeightTree): WeightTree {
  return { kind: "tree", entries: new Map([...entries].map(([name, child]) => [name, foldEntry(child)])) };
}

function foldEntry(entry: WeightEntry): WeightEntry {
  switch (entry.kind) {
    case "weight":
      return entry;
    case "tree":
      return foldTree(entry);
    case "repeated":
      return { ...entry, each: foldEntry(entry.each) };
    case "listed": {
      const items = entry.items.map(foldEntry);
      const [first] = items;
      const isAlike = new Set(items.map(treeKey)).size === 1;
      if (!first || !entry.isCounted || !isAlike) return { ...entry, items };
      return { kind: "repeated", count: constant(items.length), each: first };
    }
  }
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
