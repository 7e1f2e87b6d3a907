import type { Axis, Node, Value } from "../ir/graph.js";

/** `operand` under the labels of `axes`, with the node that makes it where they differ. */
export function renamed(operand: Value, axes: readonly Axis[]): { node: Node | undefined; value: Value } {
  if (operand.type.axes.every(({ label }, n) => label === axes[n]?.label)) return { node: undefined, value: operand };
  const value: Value = {
    ...operand,
    type: { ...operand.type, axes: operand.type.axes.map(({ dim }, n) => ({ label: axes[n]?.label ?? "", dim })) },
  };
  return { node: { op: "rename", operand, out: value }, value };
}
