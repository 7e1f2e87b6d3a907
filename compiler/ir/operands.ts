/** What a node reads, what it makes, and the graphs inside it: the one place that knows every kind of node. */
import type { Node, Value } from "./graph.js";

/** Values read by the node itself, not by the graphs inside it. */
export function operandsOf(node: Node): readonly Value[] {
  switch (node.op) {
    case "weight":
    case "constant":
    case "size":
    case "positions":
    case "state":
    case "table":
    case "once":
      return [];
    case "map":
    case "concat":
    case "stack":
      return node.operands;
    case "expand":
    case "reduce":
    case "softmax":
    case "view":
    case "rename":
    case "slice":
    case "take":
    case "activation":
    case "store":
    case "along":
    case "roll":
      return [node.operand];
    case "conv":
      return [node.operand, node.weight];
    case "contract":
      return [node.left, node.right];
    case "gather":
      return [node.table, ...node.indices];
    case "attend":
      return [node.query, node.key, node.value];
    case "call":
      return node.operands;
    case "repeat":
      return node.carried.map(({ initial }) => initial);
    case "scan":
      return [...node.scanned.map(({ operand }) => operand), ...node.carried.map(({ initial }) => initial)];
    case "layer-norm":
      return node.bias ? [node.operand, node.gain, node.bias] : [node.operand, node.gain];
    case "linear":
      return node.bias ? [node.operand, node.weight, node.bias] : [node.operand, node.weight];
  }
}

export function outsOf(node: Node): readonly Value[] {
  if (node.op === "store") return [];
  return "outs" in node ? node.outs : [node.out];
}

/** Graphs inside a node, with the values they start from and end in. */
export function regionsOf(
  node: Node,
): readonly { readonly parameters: readonly Value[]; readonly body: Node[]; readonly results: readonly Value[] }[] {
  if (node.op === "repeat") {
    return [
      { parameters: node.carried.map((c) => c.parameter), body: node.body, results: node.carried.map((c) => c.next) },
    ];
  }
  if (node.op === "scan") {
    const parameters = [...node.scanned, ...node.carried].map(({ parameter }) => parameter);
    return [{ parameters, body: node.body, results: [...node.carried.map(({ next }) => next), node.step] }];
  }
  if (node.op === "once") return [{ parameters: [], body: node.body, results: node.outs }];
  if (node.op === "table") return [{ parameters: node.indices, body: node.body, results: [node.result] }];
  if (node.op !== "attend") return [];
  return [node.mask, node.score].flatMap((region) =>
    region ? [{ parameters: region.parameters, body: region.body, results: [region.result] }] : [],
  );
}

/** Everything a node needs from outside itself: its operands and what the graphs inside it read. */
export function usesOf(node: Node): Set<Value> {
  const uses = new Set(operandsOf(node));
  for (const { parameters, body, results } of regionsOf(node)) {
    const inside = new Set<Value>(parameters);
    for (const child of body) {
      for (const use of usesOf(child)) if (!inside.has(use)) uses.add(use);
      for (const out of outsOf(child)) inside.add(out);
    }
    for (const result of results) if (!inside.has(result)) uses.add(result);
  }
  return uses;
}
