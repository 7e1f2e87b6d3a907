/**
 * Weights that are only ever multiplied from the right are kept input axis first, [d, out], however the checkpoint has them:
 * the layout that matrix kernels read fastest, and the only one that the wasm backend multiplies at full speed.
 */
import type { Function, LinearNode, Module, Node, Value, Weight } from "../ir/graph.js";
import { entriesOf, mapBody, mapFunctions, nodesOf } from "../ir/functions.js";
import { findWeight, type WeightEntry } from "../ir/find-weight.js";
import { mapValues } from "../ir/map-values.js";
import { usesOf } from "../ir/operands.js";
import { asConstant } from "../shapes/index.js";

/** Gives the module with those products turned round, and the weights whose two axes are kept swapped. */
export function storeTransposed(module: Module): { module: Module; transposed: ReadonlySet<Weight> } {
  const readers = new Map<Node, Set<Weight>>();
  for (const entry of entriesOf(module)) collect(entry, module.weights, readers);
  const turned = new Set<Weight>([...readers.values()].flatMap((weights) => [...weights]));
  // A function may serve several addresses: all of a reader's weights are turned, or none.
  for (let changed = true; changed;) {
    changed = false;
    for (const [node, weights] of readers) {
      if (onlyMultiplied(node) && [...weights].every((weight) => turned.has(weight))) continue;
      for (const weight of weights) changed = turned.delete(weight) || changed;
    }
  }
  const rewritten = mapFunctions(module, (made) =>
    turn(made, (node) => [...(readers.get(node) ?? [])].some((weight) => turned.has(weight))),
  );
  return { module: rewritten, transposed: turned };
}

/** The function that each weight is read in. */
const owners = new WeakMap<Node, Function>();

function collect(made: Function, tree: WeightEntry, readers: Map<Node, Set<Weight>>): void {
  for (const node of nodesOf(made)) {
    if (node.op === "weight") {
      owners.set(node, made);
      const entry = findWeight(tree, node.path, asConstant);
      if (entry?.kind === "weight") readers.set(node, (readers.get(node) ?? new Set()).add(entry));
    } else if (node.op === "call") {
      const entry = findWeight(tree, node.weights, asConstant);
      if (entry) collect(node.callee, entry, readers);
      if (entry?.kind === "listed") entry.items.forEach((item) => collect(node.callee, item, readers));
    }
  }
}

function onlyMultiplied(node: Node): boolean {
  const made = owners.get(node);
  if (!made || node.op !== "weight" || node.out.type.axes.length !== 2 || made.results.includes(node.out)) return false;
  const users = usersOf(made).get(node.out) ?? [];
  return (
    users.length > 0 &&
    users.every(
      (user) => user.op === "linear" && user.weight === node.out && user.transposed && user.operand !== node.out,
    )
  );
}

const usersOfFunctions = new WeakMap<Function, ReadonlyMap<Value, readonly Node[]>>();

/** The nodes that read each value, those around them included. */
function usersOf(made: Function): ReadonlyMap<Value, readonly Node[]> {
  const known = usersOfFunctions.get(made);
  if (known) return known;
  const users = new Map<Value, Node[]>();
  for (const node of nodesOf(made)) {
    for (const value of usesOf(node)) {
      const others = users.get(value);
      if (others) others.push(node);
      else users.set(value, [node]);
    }
  }
  usersOfFunctions.set(made, users);
  return users;
}

function turn(made: Function, isTurned: (node: Node) => boolean): Function {
  const swapped = new Map<Value, Value>();
  const rewrite = (body: readonly Node[]): Node[] =>
    body.map((node) => {
      if (node.op === "repeat" || node.op === "scan") return mapBody(node, rewrite);
      if (node.op === "weight" && isTurned(node)) {
        const [out, d] = node.out.type.axes;
        if (!out || !d) return node;
        const value: Value = { ...node.out, type: { ...node.out.type, axes: [d, out] } };
        swapped.set(node.out, value);
        return { ...node, out: value };
      }
      const renewed = mapValues(node, { read: (value) => swapped.get(value) ?? value, make: (value) => value });
      return renewed.op === "linear" && swapped.has((node as LinearNode).weight)
        ? { ...renewed, transposed: false }
        : renewed;
    });
  return { ...made, body: rewrite(made.body) };
}
