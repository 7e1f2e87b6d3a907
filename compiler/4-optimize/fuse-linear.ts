/** A contraction of the last axis with a two-axis weight, and the bias added to it, become one `linear`. */
import type { ContractNode, Function, LinearNode, Node, Value } from "../ir/graph.js";
import { mapBody } from "../ir/functions.js";
import { countUses } from "./count-uses.js";

export function fuseLinear(made: Function): Function {
  const weights = new Set<Value>();
  const collect = (body: readonly Node[]): void => {
    for (const node of body) {
      if (node.op === "weight") weights.add(node.out);
      if (node.op === "repeat" || node.op === "scan") collect(node.body);
    }
  };
  collect(made.body);
  const rewrite = (body: readonly Node[]): Node[] =>
    addBias(
      body.map((node) => (node.op === "contract" ? (asLinear(node, weights) ?? node) : mapBody(node, rewrite))),
      weights,
      countUses(made),
    );
  return { ...made, body: rewrite(made.body) };
}

function asLinear({ left, right, axes, out }: ContractNode, weights: ReadonlySet<Value>): LinearNode | undefined {
  const [pair] = axes;
  if (!pair || axes.length > 1 || !weights.has(right) || right.type.axes.length !== 2) return undefined;
  if (pair.left !== left.type.axes.length - 1 || out.type.axes.length !== left.type.axes.length) return undefined;
  return { op: "linear", operand: left, weight: right, bias: undefined, transposed: pair.right === 1, out };
}

/** `linear` whose only use is to have a one-axis weight added, along its last axis. */
function addBias(body: readonly Node[], weights: ReadonlySet<Value>, uses: ReadonlyMap<Value, number>): Node[] {
  const linears = new Map<Value, LinearNode>();
  for (const node of body) if (node.op === "linear" && uses.get(node.out) === 1) linears.set(node.out, node);
  const fused = new Set<Node>();
  const result = body.map((node): Node => {
    if (node.op !== "map" || node.name !== "add") return node;
    const [a, b] = node.operands;
    const linear = a && linears.get(a);
    const last = linear?.out.type.axes.at(-1);
    if (
      !linear ||
      linear.bias ||
      !b ||
      !weights.has(b) ||
      b.type.axes.length !== 1 ||
      b.type.axes[0]?.label !== last?.label
    )
      return node;
    fused.add(linear);
    return { ...linear, bias: b, out: node.out };
  });
  return result.filter((node) => !fused.has(node));
}
