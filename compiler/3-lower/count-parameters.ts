/** How many numbers a model's weights hold, from the tree alone: nothing is allocated, loops are multiplied out. */
import type { Weight, WeightList, WeightTree } from "../ir/graph.js";
import { evaluateExactly, type Atom, type Dim } from "../shapes/index.js";

/** Exact for any size. Undefined where a size is not known from the config. */
export function countParameters(
  weights: Weight | WeightTree | WeightList,
  numbers: ReadonlyMap<Atom, number>,
): bigint | undefined {
  const size = (dim: Dim): bigint => {
    const number = evaluateExactly(dim, (atom) => numbers.get(atom));
    if (number === undefined) throw new UnknownSize();
    return number;
  };
  const count = (node: Weight | WeightTree | WeightList): bigint => {
    switch (node.kind) {
      case "weight":
        return node.type.axes.reduce((product, { dim }) => product * size(dim), 1n);
      case "tree":
        return [...node.entries.values()].reduce((sum, entry) => sum + count(entry), 0n);
      case "repeated":
        return size(node.count) * count(node.each);
      case "listed":
        return node.items.reduce((sum, item) => sum + count(item), 0n);
    }
  };
  try {
    return count(weights);
  } catch (error) {
    if (error instanceof UnknownSize) return undefined;
    throw error;
  }
}

class UnknownSize extends Error {}
