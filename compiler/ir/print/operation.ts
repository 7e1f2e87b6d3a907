/** What stands behind the `=` of a node. */
import { printDim } from "../../shapes/index.js";
import type { ContractNode, Function, LinearNode, Node, Value, ViewNode, WeightPath } from "../graph.js";
import { printAxis } from "./type.js";
import { printPath } from "./weights.js";

export interface Names {
  readonly value: (value: Value) => string;
  readonly callee: (callee: Function) => string;
}

export function printOperation(
  node: Exclude<Node, { op: "repeat" | "scan" | "store" | "once" }>,
  { value: name, callee }: Names,
): string {
  const call = (operation: string, ...operands: readonly Value[]): string =>
    `${operation}(${operands.map(name).join(", ")})`;
  const axis = (of: Value, n: number): string => of.type.axes[n]?.label || `#${n}`;
  switch (node.op) {
    case "weight":
      return `weights.${printPath(node.path)}`;
    case "state":
      return `state.${printPath(node.path)} from ${node.initial}`;
    case "constant":
      return String(node.value);
    case "size":
      return `size ${printDim(node.size)}`;
    case "positions":
      return node.offset ? "positions behind the cache" : "positions";
    case "table": {
      const behind = node.out.type.axes.filter((_, n) => node.offsets[n]).map(({ label }) => label);
      return behind.length > 0 ? `table behind the cache along ${behind.join(", ")}` : "table";
    }
    case "map":
      return call(node.name, ...node.operands);
    case "expand":
    case "rename":
      return call(node.op, node.operand);
    case "activation":
      return call(node.name, node.operand);
    case "reduce":
      return call(`${node.name}[${node.axes.join(", ")}]`, node.operand);
    case "softmax":
      return call(`${node.log ? "log-softmax" : "softmax"}[${node.axis}]`, node.operand);
    case "along":
      return call(`${node.name}[${axis(node.operand, node.axis)}]`, node.operand);
    case "roll":
      return call(`roll[${axis(node.operand, node.axis)}: ${printDim(node.by)}]`, node.operand);
    case "conv": {
      const settings = [node.stride, node.padding, node.groups].map(printDim);
      return `${call("conv", node.operand, node.weight)} stride ${settings[0]}, padding ${settings[1]}, groups ${settings[2]}`;
    }
    case "contract":
      return call(`contract[${printPairs(node)}]`, node.left, node.right);
    case "view":
      return `${call("view", node.operand)} [${printPattern(node)}]`;
    case "slice":
      return `${name(node.operand)}[${axis(node.operand, node.axis)}: ${printDim(node.from)} .. ${printDim(node.to)}]`;
    case "take":
      return `${name(node.operand)}[${axis(node.operand, node.axis)}: ${printDim(node.index)}]`;
    case "gather": {
      const lookups = node.axes.map(
        (n, m) => `${axis(node.table, n)}: ${node.indices[m] ? name(node.indices[m]) : "?"}`,
      );
      return `gather ${name(node.table)}[${lookups.join(", ")}]`;
    }
    case "concat":
      return call(
        `concat[${node.operands[0] ? axis(node.operands[0], node.axis) : `#${node.axis}`}]`,
        ...node.operands,
      );
    case "stack":
      return call(`stack[${node.out.type.axes.at(-1)?.label ?? ""}]`, ...node.operands);
    case "attend": {
      const settings = [
        ...(node.scale === 1 ? [] : [`scale ${node.scale}`]),
        ...(node.dropout === 0 ? [] : [`dropout ${node.dropout}`]),
        ...(node.cache ? ["cached"] : []),
        ...(node.offset ? ["behind the cache"] : []),
      ];
      return [call(`attend[${node.i}, ${node.j}]`, node.query, node.key, node.value), settings.join(", ")]
        .join(" ")
        .trimEnd();
    }
    case "call":
      return `${callee(node.callee)}(${[printScope(node.weights), ...node.operands.map(name)].join(", ")})`;
    case "layer-norm": {
      const bias = node.bias ? `, bias ${name(node.bias)}` : "";
      const kind = node.kind === "rms" ? "rms-norm" : "layer-norm";
      return `${kind}(${name(node.operand)}, gain ${name(node.gain)}${bias}, epsilon ${node.epsilon})`;
    }
    case "linear":
      return printLinear(node, name);
  }
}

const printScope = (path: WeightPath): string => (path.length === 0 ? "weights" : `weights.${printPath(path)}`);

function printLinear({ operand, weight, bias, transposed }: LinearNode, name: Names["value"]): string {
  const parts = [
    name(operand),
    `${name(weight)}${transposed ? " transposed" : ""}`,
    ...(bias ? [`bias ${name(bias)}`] : []),
  ];
  return `linear(${parts.join(", ")})`;
}

/** The axes summed over, by label where both operands have the same. */
function printPairs({ left, right, axes }: ContractNode): string {
  const pairs = axes.map((pair) => {
    const [a, b] = [left.type.axes[pair.left]?.label ?? "", right.type.axes[pair.right]?.label ?? ""];
    return a === b && a !== "" ? a : `${a || `#${pair.left}`}·${b || `#${pair.right}`}`;
  });
  return pairs.join(", ");
}

/** `batch, seq, (heads, c) -> batch, heads, seq, c` */
function printPattern({ split, merge }: ViewNode): string {
  const group = (parts: readonly string[]): string => (parts.length === 1 ? parts.join() : `(${parts.join(", ")})`);
  const left = split.map((parts) => group(parts.length === 1 ? parts.map(({ label }) => label) : parts.map(printAxis)));
  return `${left.join(", ")} -> ${merge.map(group).join(", ")}`;
}
