/** A block of one or two operations is written where it is used: `linear(x, ...)` instead of a function that says only that. */
import type { CallNode, Function, Node, Value, WeightPath } from "../ir/graph.js";
import { flatMapNodes, mapBody, nodesOf } from "../ir/functions.js";
import { mapValues } from "../ir/map-values.js";
import { renamed } from "./rename.js";

const large: ReadonlySet<Node["op"]> = new Set(["repeat", "scan", "attend", "call"]);
const free: ReadonlySet<Node["op"]> = new Set(["weight", "rename", "constant", "size", "positions"]);

export function isSmall(made: Function): boolean {
  const work = nodesOf(made).filter((node) => !free.has(node.op));
  return work.length <= 2 && work.every((node) => !large.has(node.op));
}

export function inlineSmall(made: Function): Function {
  return {
    ...made,
    body: flatMapNodes(made.body, (node) => (node.op === "call" && isSmall(node.callee) ? expandCall(node) : [node])),
  };
}

/** The callee's nodes on the caller's values, which take the callee's labels on the way in and their own on the way out. */
export function expandCall({ callee, operands, weights, outs }: CallNode): Node[] {
  const values = new Map<Value, Value>();
  const nodes: Node[] = [];
  callee.parameters.forEach((parameter, n) => {
    const { node, value } = renamed(operands[n] as Value, parameter.type.axes);
    if (node) nodes.push(node);
    values.set(parameter, value);
  });
  const read = (value: Value): Value => values.get(value) ?? value;
  const make = (value: Value): Value => {
    // The call's own name is what the caller knows a result by.
    const copy: Value = { ...value, name: outs[callee.results.indexOf(value)]?.name ?? value.name };
    values.set(value, copy);
    return copy;
  };
  for (const node of callee.body) nodes.push(below(mapValues(node, { read, make }), weights));
  outs.forEach((out, n) => nodes.push({ op: "rename", operand: read(callee.results[n] as Value), out }));
  return nodes;
}

/** Weights of the callee lie below the path it was called with. */
function below(node: Node, path: WeightPath): Node {
  if (node.op === "weight" || node.op === "state" || node.op === "store")
    return { ...node, path: [...path, ...node.path] };
  if (node.op === "call") return { ...node, weights: [...path, ...node.weights] };
  return mapBody(node, (body) => body.map((inside) => below(inside, path)));
}
