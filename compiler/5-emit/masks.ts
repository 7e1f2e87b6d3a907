/** Masks and scores of an attend: by name where the runtime knows them, else as a function of positions. */
import type { Node, Region, Value } from "../ir/graph.js";
import { use, type Frame, type Text } from "./frame.js";
import { operationText } from "./operations.js";

type MapNode = Extract<Node, { op: "map" }>;

/** `causal`, `both(causal, window(4096))`, `where((q, k) => ...)` */
export function maskText(frame: Frame, region: Region): string {
  const nodes = new Map(region.body.map((node) => [node.op === "repeat" ? undefined : node.out, node] as const));
  const [q, k] = region.parameters;
  const named = (value: Value): string | undefined => {
    const node = nodes.get(value);
    if (node?.op !== "map") return undefined;
    const [a, b] = node.operands;
    switch (node.name) {
      case "and":
      case "or": {
        const sides = [a, b].map((side) => side && named(side));
        if (sides.includes(undefined)) return undefined;
        const name = node.name === "and" ? "both" : "either";
        use(frame, name);
        return `${name}(${sides.join(", ")})`;
      }
      case "not": {
        const inner = a && named(a);
        if (inner === undefined) return undefined;
        use(frame, "inverse");
        return `inverse(${inner})`;
      }
      case "less-equal":
        if (a !== k || b !== q) return undefined;
        use(frame, "causal");
        return "causal";
      case "less": {
        const width = b && nodes.get(b);
        const difference = a && nodes.get(a);
        if (!width || !isDifference(difference, q, k) || (width.op !== "size" && width.op !== "constant")) return undefined;
        use(frame, "window");
        return `window(${width.op === "size" ? frame.size(width.size) : String(width.value)})`;
      }
      default:
        return undefined;
    }
  };
  const known = named(region.result);
  if (known !== undefined) return known;
  use(frame, "where");
  return `where(${lambdaText(frame, region, ["q", "k"])})`;
}

function isDifference(node: Node | undefined, q: Value | undefined, k: Value | undefined): node is MapNode {
  return node?.op === "map" && node.name === "subtract" && node.operands[0] === q && node.operands[1] === k;
}

export function scoreText(frame: Frame, region: Region): string {
  return lambdaText(frame, region, ["s", "q", "k"]);
}

/** `(s, q, k) => tf.add(s, ...)`: positions come as [i, 1] and [1, j], which broadcast to the scores by themselves. */
function lambdaText(frame: Frame, region: Region, names: readonly string[]): string {
  const values = new Map<Value, Text>(region.parameters.map((parameter, n) => [parameter, { code: names[n] ?? "x", kind: "borrowed", hidden: false }]));
  const text = (value: Value): Text => {
    const known = values.get(value) ?? frame.values.get(value);
    if (!known) throw new Error(`a mask or score reads ${value.name} before it is made`);
    return known;
  };
  for (const node of region.body) {
    if (node.op === "repeat") throw new Error("a loop in a mask or score");
    // Every value of a region stands on the last two axes already: nothing is to be aligned.
    const flat = node.op === "map" ? { ...node, out: { ...node.out, type: { ...node.out.type, axes: [] } } } : node;
    values.set(node.out, node.op === "map" ? elementwiseText(frame, node, text) : operationText(frame, flat, text));
  }
  const last = Math.max(...names.map((name, n) => (usesName(values.get(region.result)?.code ?? "", name) ? n : -1)));
  return `(${names.slice(0, last + 1).join(", ")}) => ${text(region.result).code}`;
}

const usesName = (code: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);

function elementwiseText(frame: Frame, node: MapNode, text: (value: Value) => Text): Text {
  const scalarOperands = node.operands.map((operand) => ({ ...operand, type: { ...operand.type, axes: [] } }));
  const given = new Map<Value, Text>(scalarOperands.map((operand, n) => [operand, text(node.operands[n] as Value)]));
  const flat: MapNode = { ...node, operands: scalarOperands, out: { ...node.out, type: { ...node.out.type, axes: [] } } };
  return operationText(frame, flat, (value) => given.get(value) as Text);
}
