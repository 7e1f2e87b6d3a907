/** Functions and nodes of the graph on arrays of numbers. */
import type { Atom, Dim } from "../../shapes/index.js";
import { asConstant, constant, evaluate, printDim } from "../../shapes/index.js";
import { findWeight } from "../find-weight.js";
import type {
  CallNode,
  DType,
  Function,
  Node,
  Region,
  RepeatNode,
  ScanNode,
  Value,
  Weight,
  WeightNode,
  WeightPath,
  WeightTree,
} from "../graph.js";
import { entryAt, scalar, tabulate, type NDArray } from "./array.js";
import { interpretAlong, interpretRoll } from "./along-axis.js";
import { interpretAttend } from "./attention.js";
import { interpretConv } from "./conv.js";
import { interpretActivation, interpretExpand, interpretMap } from "./elementwise.js";
import {
  interpretConcat,
  interpretGather,
  interpretSlice,
  interpretStack,
  interpretTake,
  interpretView,
} from "./movement.js";
import { interpretContract, interpretLinear } from "./products.js";
import { interpretLayerNorm, interpretReduce, interpretSoftmax } from "./reductions.js";

/** What does not change while a module runs. */
export interface World {
  /** By address, such as `h.0.attn.q.weight`, each in the order of axes in which it is declared. */
  readonly weights: (address: string) => NDArray;
  readonly tree: WeightTree;
  /** Weights that the graph reads with their two axes swapped. */
  readonly transposed: ReadonlySet<Weight>;
  /** Numbers of config entries and run-time sizes; loops put their counters in. */
  readonly sizes: Map<Atom, number>;
  /** What each cell held before the call, and what it will hold after it, by address. */
  readonly cells: { readonly before: ReadonlyMap<string, NDArray>; readonly after: Map<string, NDArray> };
}

/** One run of a function: the values made so far, and where its weights lie. */
interface Frame {
  readonly world: World;
  readonly path: WeightPath;
  readonly values: Map<Value, NDArray>;
}

/** The function's results. `path`: where its weights lie below the world's tree, all indices numbers. */
export function evaluateFunction(
  made: Function,
  operands: readonly NDArray[],
  path: WeightPath,
  world: World,
): NDArray[] {
  const frame: Frame = { world, path, values: new Map() };
  made.parameters.forEach((parameter, n) => define(frame, parameter, operands[n]));
  evaluateNodes(made.body, frame);
  return made.results.map((result) => read(frame, result));
}

function evaluateNodes(body: readonly Node[], frame: Frame): void {
  for (const node of body) {
    if (node.op === "repeat") evaluateRepeat(node, frame);
    else if (node.op === "call") evaluateCall(node, frame);
    else if (node.op === "store") frame.world.cells.after.set(addressOf(node.path, frame), read(frame, node.operand));
    else if (node.op === "once") evaluateNodes(node.body, frame);
    else if (node.op === "scan") define(frame, node.out, evaluateScan(node, frame));
    else define(frame, node.out, resultOf(node, frame));
  }
}

function evaluateRepeat({ index, count, carried, body, outs }: RepeatNode, frame: Frame): void {
  const { sizes } = frame.world;
  let current = carried.map(({ initial }) => read(frame, initial));
  const turns = sizeOf(frame, count);
  for (let turn = 0; turn < turns; turn++) {
    sizes.set(index, turn);
    carried.forEach(({ parameter }, n) => define(frame, parameter, current[n]));
    evaluateNodes(body, frame);
    current = carried.map(({ next }) => read(frame, next));
  }
  sizes.delete(index);
  outs.forEach((out, n) => define(frame, out, current[n]));
}

function evaluateScan({ length, scanned, carried, body, step, axis }: ScanNode, frame: Frame): NDArray {
  const sources = scanned.map(({ operand }) => read(frame, operand));
  let current = carried.map(({ initial }) => read(frame, initial));
  const steps: NDArray[] = [];
  for (let at = 0; at < sizeOf(frame, length); at++) {
    scanned.forEach((each, n) => define(frame, each.parameter, interpretTake(sources[n] as NDArray, each.axis, at)));
    carried.forEach(({ parameter }, n) => define(frame, parameter, current[n]));
    evaluateNodes(body, frame);
    current = carried.map(({ next }) => read(frame, next));
    steps.push(read(frame, step));
  }
  const shape = step.type.axes.map(({ dim }) => sizeOf(frame, dim));
  return tabulate([...shape.slice(0, axis), steps.length, ...shape.slice(axis)], (index) =>
    entryAt(
      steps[index[axis] as number] as NDArray,
      index.filter((_, n) => n !== axis),
    ),
  );
}

function evaluateCall({ callee, operands, weights, outs }: CallNode, frame: Frame): void {
  const path = [...frame.path, ...numbered(weights, frame)];
  const given = operands.map((operand) => read(frame, operand));
  const results = evaluateFunction(callee, given, path, frame.world);
  outs.forEach((out, n) => define(frame, out, results[n]));
}

function resultOf(node: Exclude<Node, { op: "repeat" | "call" | "scan" | "store" | "once" }>, frame: Frame): NDArray {
  const get = (value: Value): NDArray => read(frame, value);
  const size = (dim: Dim): number => sizeOf(frame, dim);
  const shape = (): number[] => node.out.type.axes.map(({ dim }) => size(dim));
  switch (node.op) {
    case "weight":
      return readWeight(node, frame);
    case "state":
      return frame.world.cells.before.get(addressOf(node.path, frame)) ?? tabulate(shape(), () => Number(node.initial));
    case "constant":
      return scalar(Number(node.value));
    case "size":
      return scalar(size(node.size));
    case "positions":
      return tabulate(shape(), ([position = 0]) => position);
    case "table":
      // Offsets are a cache's; here there is none.
      return tabulate(shape(), (index) => {
        const entry = evaluateRegion({ ...node, parameters: node.indices }, index.map(scalar), frame);
        return entryAt(entry, []);
      });
    case "map":
      return interpretMap(node, node.operands.map(get), shape());
    case "expand":
      return interpretExpand(node, get(node.operand), shape());
    case "reduce":
      return interpretReduce(node, get(node.operand));
    case "softmax":
      return interpretSoftmax(node, get(node.operand));
    case "along":
      return interpretAlong(node, get(node.operand));
    case "roll":
      return interpretRoll(get(node.operand), node.axis, size(node.by));
    case "conv":
      return interpretConv(get(node.operand), get(node.weight), {
        stride: size(node.stride),
        padding: size(node.padding),
        groups: size(node.groups),
      });
    case "contract":
      return interpretContract(node, get(node.left), get(node.right));
    case "view":
      return interpretView(node, get(node.operand), size);
    case "rename":
      return get(node.operand);
    case "slice":
      return interpretSlice(get(node.operand), node.axis, size(node.from), size(node.to));
    case "take":
      return interpretTake(get(node.operand), node.axis, size(node.index));
    case "gather":
      return interpretGather(node, get(node.table), node.indices.map(get), shape());
    case "concat":
      return interpretConcat(node.operands.map(get), node.axis);
    case "stack":
      return interpretStack(node.operands.map(get));
    case "attend":
      return interpretAttend(node, get(node.query), get(node.key), get(node.value), (region, parameters) =>
        evaluateRegion(region, parameters, frame),
      );
    case "layer-norm":
      return interpretLayerNorm(node, get(node.operand), get(node.gain), node.bias && get(node.bias));
    case "activation":
      return interpretActivation(node, get(node.operand));
    case "linear":
      return interpretLinear(node, get(node.operand), get(node.weight), node.bias && get(node.bias));
  }
}

function evaluateRegion({ parameters, body, result }: Region, arrays: readonly NDArray[], frame: Frame): NDArray {
  parameters.forEach((parameter, n) => define(frame, parameter, arrays[n]));
  evaluateNodes(body, frame);
  return read(frame, result);
}

function readWeight({ path }: WeightNode, frame: Frame): NDArray {
  const { tree, transposed, weights } = frame.world;
  const whole = [...frame.path, ...numbered(path, frame)];
  const address = addressOf(path, frame);
  const weight = findWeight(tree, whole, asConstant);
  if (weight?.kind !== "weight") throw new Error(`the model has no weight ${address}`);
  const array = weights(address);
  if (!transposed.has(weight)) return array;
  return tabulate(array.shape.toReversed(), (index) => entryAt(array, index.toReversed()));
}

/** `h.0.attn.mem`: a path below the function's own as the outside knows it. */
function addressOf(path: WeightPath, frame: Frame): string {
  const whole = [...frame.path, ...numbered(path, frame)];
  return whole.map((part) => (typeof part === "string" ? part : String(asConstant(part)))).join(".");
}

/** A path with the number of each index. */
function numbered(path: WeightPath, frame: Frame): WeightPath {
  return path.map((part) => (typeof part === "string" ? part : constant(sizeOf(frame, part))));
}

function sizeOf({ world }: Frame, dim: Dim): number {
  const number = evaluate(dim, (atom) => world.sizes.get(atom));
  if (number === undefined) throw new Error(`the size ${printDim(dim)} is not known here`);
  return number;
}

function read({ values }: Frame, value: Value): NDArray {
  const array = values.get(value);
  if (!array) throw new Error(`${value.name} is read before it is made`);
  return array;
}

/** Gives `value` its entries, which must be of its type. */
function define(frame: Frame, value: Value, array: NDArray | undefined): void {
  if (!array) throw new Error(`${value.name} is given nothing`);
  const { dtype, axes } = value.type;
  const due = axes.map(({ dim }) => sizeOf(frame, dim));
  if (due.join() !== array.shape.join())
    throw new Error(`${value.name} is [${array.shape.join()}], [${due.join()}] is due`);
  const stray = array.data.find((entry) => !isOf(dtype, entry));
  if (stray !== undefined) throw new Error(`${value.name} is ${dtype}, it holds ${stray}`);
  frame.values.set(value, array);
}

function isOf(dtype: DType, entry: number): boolean {
  return dtype === "f32" || (dtype === "i32" ? (entry | 0) === entry : entry === 0 || entry === 1);
}
