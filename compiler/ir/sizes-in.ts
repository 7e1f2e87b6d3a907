import type { Dim } from "../shapes/index.js";
import type { Node } from "./graph.js";

/** Sizes that a node holds itself, beside those of the types. */
export function sizesIn(node: Node): readonly Dim[] {
  switch (node.op) {
    case "size":
      return [node.size];
    case "slice":
      return [node.from, node.to];
    case "take":
      return [node.index];
    case "roll":
      return [node.by];
    case "conv":
      return [node.stride, node.padding, node.groups];
    case "repeat":
      return [node.count];
    case "scan":
      return [node.length];
    case "view":
      return node.split.flat().map(({ dim }) => dim);
    case "weight":
    case "state":
    case "store":
      return node.path.filter((part) => typeof part !== "string");
    case "call":
      return node.weights.filter((part) => typeof part !== "string");
    default:
      return [];
  }
}
