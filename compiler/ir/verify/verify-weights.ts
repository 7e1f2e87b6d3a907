/** Every weight that is read lies in the module's tree, has the type that is read, and every index chooses a layer. */
import { constant, printDim } from "../../shapes/index.js";
import { findWeight, type WeightEntry } from "../find-weight.js";
import { entriesOf, nodesOf } from "../functions.js";
import type { Function, Module, Value, Weight, WeightPath } from "../graph.js";
import { printType } from "../print/type.js";
import { printPath } from "../print/weights.js";
import { sameShape, type Sizes } from "./sizes.js";
import type { Stage } from "./verify-function.js";

export function verifyWeights(module: Module, stage: Stage, sizes: Sizes): string[] {
  const problems = new Set<string>();
  const orders = new Map<Weight, "declared" | "swapped">();
  const done = new Map<Function, Set<WeightEntry>>();

  const find = (tree: WeightEntry, path: WeightPath, say: (what: string) => void): WeightEntry | undefined =>
    findWeight(tree, path, sizes.numberOf, ({ label, index, count }) => {
      if (typeof count === "number" && sizes.numberOf(index) === undefined) {
        return say(`chooses ${label}[${printDim(index)}] among layers that differ`);
      }
      const length = typeof count === "number" ? constant(count) : count;
      if (!sizes.within(index, length)) say(`chooses ${label}[${printDim(index)}] of ${printDim(length)}`);
    });

  const check = (weight: Weight, { type }: Value, say: (what: string) => void): void => {
    const declared = weight.type.axes;
    const isDeclared = sameShape(sizes, type.axes, declared);
    const isSwapped =
      stage === "optimized" && declared.length === 2 && sameShape(sizes, type.axes, declared.toReversed());
    if (type.dtype !== weight.type.dtype || !(isDeclared || isSwapped))
      return say(`is declared ${printType(weight.type)}`);
    if (isDeclared && isSwapped) return; // A square one does not tell.
    const order = isDeclared ? "declared" : "swapped";
    if ((orders.get(weight) ?? order) !== order) say("is read in two orders of its axes");
    orders.set(weight, order);
  };

  const visit = (made: Function, tree: WeightEntry): void => {
    const trees = done.get(made) ?? new Set();
    if (trees.has(tree)) return;
    done.set(made, trees.add(tree));
    for (const node of nodesOf(made)) {
      if (node.op === "weight") {
        const say = (what: string): void =>
          void problems.add(`${made.name}: weight ${printPath(node.path)}, ${printType(node.out.type)}, ${what}`);
        const entry = find(tree, node.path, say);
        if (entry?.kind === "weight") check(entry, node.out, say);
        else say(entry ? "is no weight but has weights below it" : "is not in the tree");
      } else if (node.op === "call") {
        const say = (what: string): void =>
          void problems.add(
            `${made.name}: call of ${node.callee.name} with the weights at ${printPath(node.weights)} ${what}`,
          );
        const entry = find(tree, node.weights, say);
        if (entry?.kind === "tree") visit(node.callee, entry);
        else say(entry ? "names no layer" : "names nothing in the tree");
      }
    }
  };

  for (const entry of entriesOf(module)) visit(entry, module.weights);
  return [...problems];
}
