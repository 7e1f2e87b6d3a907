/** A text that two functions share exactly when they do the same: values numbered in order, dims by their normal form. */
import { dimKey, type Dim } from "../shapes/index.js";
import type { Function, Node, Value, ValueType, WeightPath } from "./graph.js";
import { operandsOf, outsOf, regionsOf } from "./operands.js";

const functionIds = new WeakMap<Function, number>();
let functions = 0;

export function functionKey(made: Function): string {
  const numbers = new Map<Value, number>();
  const number = (value: Value): string => {
    const known = numbers.get(value) ?? numbers.size;
    numbers.set(value, known);
    return `%${known}`;
  };
  const define = (value: Value): string => `${number(value)}:${typeKey(value.type)}`;
  const lines = (body: readonly Node[]): string[] =>
    body.flatMap((node) => [
      `${outsOf(node).map(define).join()}=${node.op}(${operandsOf(node).map(number).join()})${attributes(node)}`,
      ...regionsOf(node).flatMap(({ parameters, body: inside, results }) => [
        `{${parameters.map(define).join()}`,
        ...lines(inside),
        `}${results.map(number).join()}`,
      ]),
    ]);
  return [
    made.name,
    made.role,
    made.parameters.map(define).join(),
    ...lines(made.body),
    made.results.map(number).join(),
  ].join("\n");
}

function typeKey({ dtype, axes }: ValueType): string {
  return `${dtype}[${axes.map(({ label, dim }) => `${label}:${dimKey(dim)}`).join()}]`;
}

const pathKey = (path: WeightPath): string =>
  path.map((part) => (typeof part === "string" ? part : `[${dimKey(part)}]`)).join(".");

/** What makes a node differ from another of its kind, beside its operands. */
function attributes(node: Node): string {
  const dims = (...all: Dim[]): string => all.map(dimKey).join();
  switch (node.op) {
    case "weight":
      return pathKey(node.path);
    case "state":
      return `${pathKey(node.path)} ${node.initial}`;
    case "store":
      return pathKey(node.path);
    case "constant":
      return String(node.value);
    case "size":
      return dims(node.size);
    case "map":
    case "activation":
      return node.name;
    case "reduce":
      return `${node.name} ${node.axes.join()}`;
    case "softmax":
      return `${node.axis} ${node.log}`;
    case "contract":
      return node.axes.map(({ left, right }) => `${left}-${right}`).join();
    case "view":
      return `${node.split.map((parts) => `(${parts.map(({ label, dim }) => `${label}:${dimKey(dim)}`).join()})`).join()}>${node.merge.map((m) => `(${m.join()})`).join()}`;
    case "slice":
      return `${node.axis} ${dims(node.from, node.to)}`;
    case "take":
      return `${node.axis} ${dims(node.index)}`;
    case "gather":
      return node.axes.join();
    case "concat":
      return String(node.axis);
    case "along":
      return `${node.name} ${node.axis}`;
    case "roll":
      return `${node.axis} ${dims(node.by)}`;
    case "conv":
      return dims(node.stride, node.padding, node.groups);
    case "attend":
      return `${node.i} ${node.j} ${node.scale} ${node.dropout} ${node.mask ? "m" : ""}${node.score ? "s" : ""}`;
    case "call": {
      const id = functionIds.get(node.callee) ?? functions++;
      functionIds.set(node.callee, id);
      return `@${id} ${pathKey(node.weights)}`;
    }
    case "scan":
      return `${node.scanned.map(({ axis }) => axis).join()} ${node.axis} ${dims(node.length)}`;
    case "repeat":
      return `${node.index.id} ${dims(node.count)}`;
    case "layer-norm":
      return `${node.kind} ${node.epsilon}`;
    case "linear":
      return String(node.transposed);
    default:
      return "";
  }
}
