import type { Node, Value } from "../ir/graph.js";
import { asConstant, type Dim } from "../shapes/index.js";
import { fresh, use, type Frame, type Text } from "./frame.js";

/** `conv(x, weight, { stride: config.patch })`: what is as it is by default goes unsaid. */
export function convText(frame: Frame, node: Extract<Node, { op: "conv" }>, text: (value: Value) => Text): Text {
  use(frame, "conv");
  const [operand, weight] = [text(node.operand), text(node.weight)];
  const option = (name: string, dim: Dim, usual: number): string[] =>
    asConstant(dim) === usual ? [] : [`${name}: ${frame.size(dim)}`];
  const options = [
    ...option("stride", node.stride, 1),
    ...option("padding", node.padding, 0),
    ...option("groups", node.groups, 1),
  ];
  const rest = options.length > 0 ? `, { ${options.join(", ")} }` : "";
  return fresh(`conv(${operand.code}, ${weight.code}${rest})`, operand, weight);
}
