/**
 * Values that follow from positions alone become tables, computed on the host in double precision: shaders may err by
 * 2^-11 in a sine (WGSL, "Accuracy of concrete floating point expressions"), which is more than a model may.
 */
import type { Axis, Function, MapName, Node, TableNode, Value } from "../ir/graph.js";
import { mapBody } from "../ir/functions.js";
import { eliminateDeadCode } from "../ir/dead-code.js";
import { operandsOf, outsOf, regionsOf } from "../ir/operands.js";
import { mapValues } from "../ir/map-values.js";
import { expandCall } from "./inline-small.js";

const inexact: ReadonlySet<MapName> = new Set(["sin", "cos", "power", "exp", "log", "tanh", "sigmoid"]);

export function tabulate(made: Function): Function {
  const rewrite = (given: readonly Node[], results: readonly Value[]): Node[] => {
    const makers = new Map<Value, Node>();
    // A function of positions is written out, so that its arithmetic joins theirs.
    const open = (node: Node): Node[] =>
      node.op === "call" && node.operands.length > 0 && node.operands.every((operand) => makers.has(operand))
        ? expandCall(node).flatMap((inside) => open(inside))
        : [note(node)];
    const note = (node: Node): Node => {
      if (isPositional(node, makers)) makers.set(node.out, node);
      return node;
    };
    const body = given.flatMap(open);
    const wanted = new Set<Value>(results);
    for (const node of body) {
      if (!outsOf(node).some((out) => makers.has(out))) for (const value of readsOf(node)) wanted.add(value);
    }
    return body.map((node): Node => {
      if (node.op === "repeat" || node.op === "scan" || node.op === "once")
        return mapBody(node, (inside) => rewrite(inside, regionsOf(node)[0]?.results ?? []));
      if (node.op === "call" || node.op === "store") return node;
      const isTable =
        wanted.has(node.out) && makers.has(node.out) && node.out.type.dtype === "f32" && node.out.type.axes.length > 0;
      return node.op !== "table" && isTable && isInexact(node.out, makers) ? tableOf(node.out, makers) : node;
    });
  };
  return eliminateDeadCode({ ...made, body: rewrite(made.body, made.results) });
}

const readsOf = (node: Node): Value[] => [
  ...operandsOf(node),
  ...regionsOf(node).flatMap(({ body, results }) => [...body.flatMap(readsOf), ...results]),
];

type Positional = Extract<
  Node,
  { op: "positions" | "constant" | "size" | "map" | "rename" | "expand" | "contract" | "table" }
>;

/** Made of positions, sizes and constants by arithmetic and outer products. */
function isPositional(node: Node, makers: ReadonlyMap<Value, Node>): node is Positional {
  switch (node.op) {
    case "positions":
    case "constant":
    case "size":
    case "table": // made where this was a function of its own
      return true;
    case "map":
      return node.name !== "erf" && node.operands.every((operand) => makers.has(operand));
    case "rename":
    case "expand":
      return makers.has(node.operand);
    case "contract":
      return node.axes.length === 0 && makers.has(node.left) && makers.has(node.right);
    default:
      return false;
  }
}

function isInexact(value: Value, makers: ReadonlyMap<Value, Node>): boolean {
  const node = makers.get(value);
  if (!node) return false;
  return (
    node.op === "table" ||
    (node.op === "map" && inexact.has(node.name)) ||
    operandsOf(node).some((operand) => isInexact(operand, makers))
  );
}

let ids = -1;
const scalarLike = (value: Value, name = value.name): Value => ({
  id: ids--,
  name,
  type: { dtype: value.type.dtype, axes: [] },
});

/** The nodes that compute one entry of `value` from its indices. */
function tableOf(value: Value, makers: ReadonlyMap<Value, Node>): TableNode {
  const body: Node[] = [];
  const indices = value.type.axes.map(({ label }, n): Value => ({
    id: ids--,
    name: label || `i${n}`,
    type: { dtype: "i32", axes: [] },
  }));
  const done = new Map<Value, Map<string, Value>>();
  /** `at`: the index along each axis of `wanted`. */
  const entry = (wanted: Value, at: readonly Value[]): Value => {
    const key = at.map(({ id }) => id).join();
    const entries = done.get(wanted) ?? new Map<string, Value>();
    done.set(wanted, entries);
    const known = entries.get(key);
    if (known) return known;
    const made = compute(makers.get(wanted) as Node, at);
    entries.set(key, made);
    return made;
  };
  const compute = (node: Node, at: readonly Value[]): Value => {
    switch (node.op) {
      case "positions":
        return at[0] as Value;
      case "rename":
        return entry(node.operand, at);
      case "expand": {
        const { axes } = node.operand.type;
        const own = axes.map((axis, n) => matching(axis, node.out.type.axes, at, axes.length - n));
        return entry(node.operand, own);
      }
      case "table": {
        const inside = new Map<Value, Value>(node.indices.map((index, n) => [index, at[n] as Value]));
        const read = (each: Value): Value => inside.get(each) ?? each;
        const make = (each: Value): Value => {
          const own = scalarLike(each);
          inside.set(each, own);
          return own;
        };
        body.push(...node.body.map((each) => mapValues(each, { read, make })));
        return read(node.result);
      }
      case "contract": {
        const left = entry(node.left, at.slice(0, node.left.type.axes.length));
        const shared = node.right.type.axes.map((axis) => matching(axis, node.out.type.axes, at));
        const out = scalarLike(node.out);
        body.push({ op: "map", name: "multiply", operands: [left, entry(node.right, shared)], out });
        return out;
      }
      case "map": {
        const operands = node.operands.map((operand) =>
          entry(
            operand,
            operand.type.axes.map((axis, n) => matching(axis, node.out.type.axes, at, operand.type.axes.length - n)),
          ),
        );
        const out = scalarLike(node.out);
        body.push({ op: "map", name: node.name, operands, out });
        return out;
      }
      default: {
        const out = scalarLike((node as Extract<Node, { op: "constant" | "size" }>).out);
        body.push({ ...(node as Extract<Node, { op: "constant" | "size" }>), out });
        return out;
      }
    }
  };
  const result = entry(value, indices);
  return { op: "table", indices, body, result, offsets: value.type.axes.map(() => false), out: value };
}

/** The index that belongs to an operand's axis: by label, or for an anonymous one by its place from the end. */
function matching(axis: Axis, axes: readonly Axis[], at: readonly Value[], fromEnd = 1): Value {
  const n = axis.label === "" ? axes.length - fromEnd : axes.findIndex(({ label }) => label === axis.label);
  return at[n] as Value;
}
