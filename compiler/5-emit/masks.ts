/** Masks and scores of an attend: by name where the runtime knows them, else as a function of positions. */
import type { Axis, Node, Region, Value } from "../ir/graph.js";
import { liveValues } from "../ir/live-values.js";
import { operandsOf, outsOf } from "../ir/operands.js";
import { use, type Frame, type Text } from "./frame.js";
import { alignText } from "./align.js";

type MapNode = Extract<Node, { op: "map" }>;

/** How one operation is written: given from outside, since operations in turn hold masks and scores. */
export type Write = (
  frame: Frame,
  node: Exclude<Node, { op: "repeat" | "scan" | "once" | "store" }>,
  text: (value: Value) => Text,
) => Text;

/** `causal`, `both(causal, window(4096))`, `where((q, k) => ...)`, or `both(causal, where(...))` where only a part has a name. */
export function maskText(frame: Frame, region: Region, scores: readonly Axis[], write: Write): string {
  const nodes = new Map(region.body.map((node) => [outsOf(node)[0], node] as const));
  const [q, k] = region.parameters;
  const named = (value: Value): string | undefined => {
    const node = nodes.get(value);
    if (node?.op !== "map") return undefined;
    const [a, b] = node.operands;
    switch (node.name) {
      case "and":
      case "or": {
        const sides = [a, b].map((side) => side && named(side));
        if (!a || !b || sides.every((side) => side === undefined)) return undefined;
        const [left, right] = [a, b].map((side, n) => sides[n] ?? asTest(side));
        const name = node.name === "and" ? "both" : "either";
        use(frame, name);
        return `${name}(${left}, ${right})`;
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
        if (!width || !isDifference(difference, q, k) || (width.op !== "size" && width.op !== "constant"))
          return undefined;
        use(frame, "window");
        return `window(${width.op === "size" ? frame.size(width.size) : String(width.value)})`;
      }
      default:
        return undefined;
    }
  };
  const asTest = (result: Value): string => {
    use(frame, "where");
    const live = liveValues(region.body, [result]);
    const body = region.body.filter((node) => outsOf(node).some((out) => live.has(out)));
    return `where(${lambdaText(frame, { ...region, body, result }, ["q", "k"], scores, write)})`;
  };
  return named(region.result) ?? asTest(region.result);
}

function isDifference(node: Node | undefined, q: Value | undefined, k: Value | undefined): node is MapNode {
  return node?.op === "map" && node.name === "subtract" && node.operands[0] === q && node.operands[1] === k;
}

export function scoreText(frame: Frame, region: Region, scores: readonly Axis[], write: Write): string {
  return lambdaText(frame, region, ["s", "q", "k"], scores, write);
}

/** `(s, q, k) => tf.add(s, ...)`. Positions come as [i, 1] and [1, j]. */
function lambdaText(
  frame: Frame,
  region: Region,
  names: readonly string[],
  scores: readonly Axis[],
  write: Write,
): string {
  // Arithmetic on positions and scores alone broadcasts as it is; anything else is aligned by its axes.
  const isPlain =
    region.body.every((node) => node.op === "map" || node.op === "constant" || node.op === "size") && readsOnly(region);
  const values = new Map<Value, Text>(
    region.parameters.map((parameter, n) => {
      const name = names[n] ?? "x";
      return [
        parameter,
        { code: isPlain || name === "s" ? name : `tf.reshape(${name}, [-1])`, kind: "borrowed", hidden: false },
      ];
    }),
  );
  const text = (value: Value): Text => {
    const known = values.get(value) ?? frame.values.get(value);
    if (!known) throw new Error(`a mask or score reads ${value.name} before it is made`);
    return known;
  };
  for (const node of region.body) {
    if (!("out" in node) || node.op === "scan") throw new Error(`a mask or score has a ${node.op}`);
    values.set(node.out, isPlain && node.op === "map" ? plainText(frame, node, text, write) : write(frame, node, text));
  }
  const result = isPlain ? text(region.result) : alignText(text(region.result), region.result.type.axes, scores);
  const isUsed = names.map((name) => usesName(result.code, name));
  const parameters = names.slice(0, isUsed.lastIndexOf(true) + 1).map((name, n) => (isUsed[n] ? name : `_${name}`));
  return `(${parameters.join(", ")}) => ${result.code}`;
}

/** Whether a region reads nothing that was made outside it. */
function readsOnly({ body, parameters }: Region): boolean {
  const inside = new Set<Value>(parameters);
  return body.every((node) => {
    for (const out of outsOf(node)) inside.add(out);
    return operandsOf(node).every((operand) => inside.has(operand));
  });
}

const usesName = (code: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);

/** Elementwise without alignment: every operand is taken to stand where it belongs. */
function plainText(frame: Frame, node: MapNode, text: (value: Value) => Text, write: Write): Text {
  const operands = node.operands.map((operand) => ({ ...operand, type: { ...operand.type, axes: [] } }));
  const given = new Map<Value, Text>(operands.map((operand, n) => [operand, text(node.operands[n] as Value)]));
  return write(
    frame,
    { ...node, operands, out: { ...node.out, type: { ...node.out.type, axes: [] } } },
    (value) => given.get(value) as Text,
  );
}
