/** What lies at a path below a tree of weights. */
import type { Weight, WeightList, WeightPath, WeightTree } from "./graph.js";
import type { Dim } from "../shapes/index.js";

export type WeightEntry = Weight | WeightTree | WeightList;

/** A list of layers met on the way, with the index that chooses one. `count`: how many there are; a `Dim` if alike. */
export interface Choice {
  readonly label: string;
  readonly index: Dim;
  readonly count: Dim | number;
}

/**
 * The entry at `path`, or undefined where the tree has none. Layers that are all alike share one entry. `numberOf` gives
 * an index its number, by which layers that differ are told apart. `onChoice` sees every list passed.
 */
export function findWeight(
  tree: WeightEntry,
  path: WeightPath,
  numberOf: (index: Dim) => number | undefined,
  onChoice: (choice: Choice) => void = () => undefined,
): WeightEntry | undefined {
  let entry: WeightEntry | undefined = tree;
  let label = "";
  for (const part of path) {
    if (typeof part === "string") {
      label = part;
      entry = entry?.kind === "tree" ? entry.entries.get(part) : undefined;
    } else if (entry?.kind === "repeated") {
      onChoice({ label, index: part, count: entry.count });
      entry = entry.each;
    } else if (entry?.kind === "listed") {
      onChoice({ label, index: part, count: entry.items.length });
      const number = numberOf(part);
      entry = number === undefined ? undefined : entry.items[number];
    } else entry = undefined;
  }
  return entry;
}
