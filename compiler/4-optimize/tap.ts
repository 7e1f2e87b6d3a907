/**
 * Lets a run be looked into: what layers give, and what attention attends to, is stored at their addresses, in the caller's
 * state. A store is an effect, so that everything else is computed as it would be without.
 */
import type { AttendNode, Axis, DType, Function, Module, Node, Region, Value, WeightPath } from "../ir/graph.js";
import { mapBody, mapFunctions } from "../ir/functions.js";
import { mapValues } from "../ir/map-values.js";

/** Ends the path of a tapped value in the state, where no cell's does. */
export const outputTap = "@output";
export const attentionTap = "@attention";

export function tap(module: Module): Module {
  return mapFunctions(module, (made: Function) => ({ ...made, body: tapped(made.body) }));
}

/** Within a `scan` every entry would store over the one before it. */
function tapped(body: readonly Node[]): Node[] {
  return body.flatMap((node): Node[] => {
    switch (node.op) {
      case "call": {
        const [first] = node.outs;
        return first && node.weights.length > 0 ? [node, store([...node.weights, outputTap], first)] : [node];
      }
      case "attend":
        return [node, ...attention(node)];
      case "scan":
        return [node];
      default:
        return [mapBody(node, tapped)];
    }
  });
}

let ids = -1_000_000;

const store = (path: WeightPath, operand: Value): Node => ({ op: "store", path, operand });

/** The weights of an attention: softmax of the scores, 0 where the mask hides. */
function attention(node: AttendNode): Node[] {
  const { query, key, i, j } = node;
  const channels = query.type.axes.length - 1;
  const keys = key.type.axes.find(({ label }) => label === j);
  const queries = query.type.axes.find(({ label }) => label === i);
  if (!keys || !queries) return [];
  const axes = [...query.type.axes.slice(0, channels), keys];
  const nodes: Node[] = [];
  const add = (name: string, make: (out: Value) => Node, over: readonly Axis[] = axes, dtype: DType = "f32"): Value => {
    const out: Value = { id: ids--, name, type: { dtype, axes: over } };
    nodes.push(make(out));
    return out;
  };
  const number = (value: number): Value => add("number", (out) => ({ op: "constant", value, out }), []);
  const products = add("products", (out) => ({
    op: "contract",
    left: query,
    right: key,
    axes: [{ left: channels, right: key.type.axes.length - 1 }],
    out,
  }));
  const scale = number(node.scale);
  const scaled = add("scaled", (out) => ({ op: "map", name: "multiply", operands: [products, scale], out }));
  const position = (axis: Axis): Value => add("at", (out) => ({ op: "positions", offset: false, out }), [axis], "i32");
  const places = node.mask || node.score ? [position(queries), position(keys)] : [];
  const scores = node.score ? inlined(node.score, [scaled, ...places], nodes) : scaled;
  const mask = node.mask && inlined(node.mask, places, nodes);
  const select = (name: string, shown: Value, hidden: number): Value => {
    if (!mask) return shown;
    const other = number(hidden);
    return add(name, (out) => ({ op: "map", name: "select", operands: [mask, shown, other], out }));
  };
  const seen = select("seen", scores, -1e30);
  const weights = add("attention", (out) => ({ op: "softmax", log: false, operand: seen, axis: j, out }));
  nodes.push(store([attentionTap], select("attention", weights, 0)));
  return nodes;
}

/** The nodes of a region on values of the function around it. */
function inlined({ parameters, body, result }: Region, operands: readonly Value[], nodes: Node[]): Value {
  const values = new Map(parameters.map((parameter, n) => [parameter, operands[n] ?? parameter]));
  const read = (value: Value): Value => values.get(value) ?? value;
  const make = (value: Value): Value => {
    const copy = { ...value };
    values.set(value, copy);
    return copy;
  };
  nodes.push(...body.map((node) => mapValues(node, { read, make })));
  return read(result);
}
