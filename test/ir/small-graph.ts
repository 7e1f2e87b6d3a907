/** Small graphs by hand: types as text, arrays as nested lists, functions of one node. */
import type { Axis, DType, Function, Module, Node, Region, Value, WeightTree } from "../../compiler/ir/graph.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { evaluateFunction } from "../../compiler/ir/interpret/evaluate-node.js";
import { operandsOf, outsOf } from "../../compiler/ir/operands.js";
import { verifyModule } from "../../compiler/ir/verify.js";
import { constant, variable, type Atom } from "../../compiler/shapes/index.js";

let count = 0;

/** `value("x", "f32[a=2, b=3]")`; `=4` is an anonymous axis. Sizes are numbers, or atoms by their names. */
export function value(name: string, type: string, atoms: readonly Atom[] = []): Value {
  const [, dtype = "", list = ""] = /^(\w+)\[(.*)\]$/.exec(type) ?? [];
  const axes = list.split(",").flatMap((text): Axis[] => {
    const [label = "", size = ""] = text.trim().split("=");
    if (text.trim() === "") return [];
    const atom = atoms.find((each) => each.name === size);
    return [{ label, dim: atom ? variable(atom) : constant(Number(size)) }];
  });
  return { id: count++, name, type: { dtype: asDType(dtype), axes } };
}

function asDType(text: string): DType {
  if (text === "f32" || text === "i32" || text === "bool") return text;
  throw new Error(`${text} is no dtype`);
}

export type Nested = number | readonly Nested[];

/** `array([[1, 2, 3], [4, 5, 6]])` is of the shape [2, 3]. */
export function array(nested: Nested): NDArray {
  const shape: number[] = [];
  for (let first: Nested | undefined = nested; typeof first === "object"; first = first[0]) shape.push(first.length);
  const flatten = (part: Nested): number[] => (typeof part === "number" ? [part] : part.flatMap(flatten));
  return { shape, data: Float64Array.from(flatten(nested)) };
}

export function nested({ shape, data }: NDArray): Nested {
  const [first, ...rest] = shape;
  if (first === undefined) return data[0] ?? NaN;
  const size = data.length / first;
  return Array.from({ length: first }, (_, n) => nested({ shape: rest, data: data.slice(n * size, (n + 1) * size) }));
}

/** 0, 1, 2, ... in that shape. */
export function counting(...shape: readonly number[]): NDArray {
  const size = shape.reduce((product, each) => product * each, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, n) => n) };
}

export function makeFunction(parameters: readonly Value[], body: readonly Node[], result: Value): Function {
  return { name: "f", role: "block", doc: undefined, parameters, body: [...body], results: [result] };
}

/** A function of the node's operands and of what its regions read beside them. */
export function functionOf(node: Node, captured: readonly Value[] = []): Function {
  const [out] = outsOf(node);
  if (!out) throw new Error("the node gives nothing");
  return makeFunction([...new Set([...operandsOf(node), ...captured])], [node], out);
}

export const emptyTree = (): WeightTree => ({ kind: "tree", entries: new Map() });

/** The first result of a function that reads no weights; its parameters are given in order. */
export function runFunction(
  made: Function,
  operands: readonly NDArray[],
  sizes: ReadonlyMap<Atom, number> = new Map(),
): NDArray {
  const weights = (address: string): never => {
    throw new Error(`there is no weight ${address}`);
  };
  const cells = { before: new Map<string, NDArray>(), after: new Map<string, NDArray>() };
  const world = { weights, tree: emptyTree(), transposed: new Set<never>(), sizes: new Map(sizes), cells };
  const [result] = evaluateFunction(made, operands, [], world);
  if (!result) throw new Error("the function gives nothing");
  return result;
}

/** The node's result on arrays for its operands, in order. @throws Error where the node is not legal. */
export function run(
  node: Node,
  operands: readonly Nested[],
  captured: readonly (readonly [Value, Nested])[] = [],
): Nested {
  const made = functionOf(
    node,
    captured.map(([each]) => each),
  );
  const problems = verifyModule(moduleOf(made), "optimized");
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return nested(runFunction(made, [...operands, ...captured.map(([, entries]) => entries)].map(array)));
}

/** A module whose body is `made`, with its parameters as inputs, and no tasks. */
export function moduleOf(made: Function, weights: WeightTree = emptyTree()): Module {
  const inputs = made.parameters.map((parameter) => ({
    value: parameter,
    external: parameter.name,
    below: undefined,
    fallback: undefined,
  }));
  const body: Function = { ...made, role: "model" };
  return { model: "M", doc: undefined, configName: "m", config: [], inputs, guards: [], body, tasks: [], weights };
}

/** A mask or score whose parameters are those values and whose nodes are these; the last gives the result. */
export function regionOf(parameters: readonly Value[], ...body: readonly Node[]): Region {
  const result = body.flatMap(outsOf).at(-1);
  if (!result) throw new Error("a region of no nodes");
  return { parameters, body: [...body], result };
}
