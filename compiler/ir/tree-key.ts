import { dimKey } from "../shapes/index.js";
import type { WeightEntry } from "./find-weight.js";

/** A text that two trees share exactly when they hold the same weights. */
export function treeKey(entry: WeightEntry): string {
  switch (entry.kind) {
    case "weight": {
      const { type, initial, block } = entry;
      const axes = type.axes.map(({ label, dim }) => `${label}:${dimKey(dim)}`);
      return `${type.dtype}[${axes.join()}]${JSON.stringify(initial)}${block}`;
    }
    case "tree":
      return `{${[...entry.entries].map(([name, child]) => `${name}=${treeKey(child)}`).join()}}`;
    case "repeated":
      return `${dimKey(entry.count)}*${treeKey(entry.each)}`;
    case "listed":
      return `[${entry.items.map(treeKey).join()}]`;
  }
}
