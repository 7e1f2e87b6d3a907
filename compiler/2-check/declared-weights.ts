/** From which address each weight was declared: two unlabelled layers of one block would share theirs, which is a mistake. */
import type { Weight, WeightTree } from "../ir/graph.js";
import type { WeightEntry } from "../ir/find-weight.js";

const declarers = new WeakMap<Weight, string>();

export function noteDeclarer(weight: Weight, address: string): void {
  declarers.set(weight, address);
}

export const declarerOf = (weight: Weight): string | undefined => declarers.get(weight);

/** Puts the weights of one layer into the tree of another, `to` in the place of the address `from`. */
export function copyWeights(tree: WeightTree, into: WeightTree, from: string, to: string): void {
  const moved = (address: string): string =>
    address === from || address.startsWith(`${from} `) ? to + address.slice(from.length) : address;
  for (const [name, entry] of tree.entries)
    into.entries.set(name, entry.kind === "weight" ? copyOf(entry, moved) : copyOfEntry(entry));
}

/** Below a label addresses begin anew. */
function copyOfEntry(entry: WeightEntry): WeightEntry {
  switch (entry.kind) {
    case "weight":
      return copyOf(entry, (address) => address);
    case "tree":
      return { kind: "tree", entries: new Map([...entry.entries].map(([name, child]) => [name, copyOfEntry(child)])) };
    case "repeated":
      return { ...entry, each: copyOfEntry(entry.each) };
    case "listed":
      return { ...entry, items: entry.items.map(copyOfEntry) };
  }
}

function copyOf(weight: Weight, moved: (address: string) => string): Weight {
  const copy = { ...weight };
  const address = declarers.get(weight);
  if (address !== undefined) declarers.set(copy, moved(address));
  return copy;
}
