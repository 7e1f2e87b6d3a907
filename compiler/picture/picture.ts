/** An architecture as boxes and arrows, before anything has a place: what is drawn is what the source says. */
import type { Arrow, Box, Picture } from "./box.js";
import { folded } from "./fold.js";
import { countParameters } from "../3-lower/count-parameters.js";
import type {
  Function,
  MapName,
  Module,
  Node,
  Value,
  ValueType,
  Weight,
  WeightList,
  WeightPath,
  WeightTree,
} from "../ir/graph.js";
import { outsOf, usesOf } from "../ir/operands.js";
import { evaluateExactly, printDim, type Atom } from "../shapes/index.js";

export interface PictureOptions {
  readonly numbers: ReadonlyMap<Atom, number>;
  /** Whether a block is of the standard library: what is known is not opened. */
  readonly isKnown: (block: string) => boolean;
}

/** The model, and what each of its tasks adds. */
export function pictureOf(module: Module, options: PictureOptions): Picture {
  const drawing = createDrawing(options);
  const inputs = module.inputs.map(({ value }) => drawing.input(value));
  const sources = new Map<Value, string>();
  module.body.parameters.forEach((parameter, n) => sources.set(parameter, inputs[n]?.id ?? ""));
  const body = drawing.read(module.body.body, sources, module.weights);
  const results = module.body.results.map((value) => sources.get(value));
  const tasks = module.tasks.map((task) => {
    const own = new Map<Value, string>();
    const added: Box[] = [];
    task.forward.parameters.forEach((parameter, n) => {
      const source = results[n] ?? inputs.find((_, at) => module.inputs[at]?.value.name === parameter.name)?.id;
      if (source !== undefined) return void own.set(parameter, source);
      const box = drawing.input(parameter);
      added.push(box);
      own.set(parameter, box.id);
    });
    const inside = drawing.read(task.forward.body, own, module.weights);
    const outputs = task.forward.results.map((value, n) => drawing.output(task.outputs[n] ?? task.name, value, own));
    return {
      added,
      group: drawing.group(`task ${task.name}`, undefined, task.forward.doc, undefined, [...inside, ...outputs]),
    };
  });
  const picture: Picture = {
    title: module.configName === module.model ? module.model : `${module.configName} = ${module.model}`,
    doc: module.doc,
    parameters: drawing.count(module.weights),
    boxes: [...inputs, ...tasks.flatMap(({ added }) => added), ...body, ...tasks.map(({ group }) => group)],
    arrows: drawing.arrows(),
  };
  return folded(picture, (times, children) => drawing.group(`× ${times}`, undefined, undefined, undefined, children));
}

type Sources = Map<Value, string>;
type Entry = Weight | WeightTree | WeightList | undefined;

interface Drawing {
  readonly input: (value: Value) => Box;
  readonly output: (name: string, value: Value, sources: Sources) => Box;
  readonly group: (
    title: string,
    detail: string | undefined,
    doc: string | undefined,
    parameters: bigint | undefined,
    children: readonly Box[],
  ) => Box;
  /** The boxes of a body; afterwards `sources` has the box that each of its values comes out of. */
  readonly read: (body: readonly Node[], sources: Sources, weights: Entry) => Box[];
  readonly count: (weights: Entry) => bigint | undefined;
  readonly arrows: () => readonly Arrow[];
}

function createDrawing({ numbers, isKnown }: PictureOptions): Drawing {
  const arrows = new Map<string, Arrow>();
  /** Weights that are used by what is drawn, where there is no layer of their own. */
  const owned = new Map<Value, string>();
  let last = 0;
  const box = (kind: Box["kind"], title: string, more: Partial<Omit<Box, "id" | "kind" | "title">> = {}): Box => ({
    id: `n${++last}`,
    kind,
    title,
    detail: undefined,
    parameters: undefined,
    doc: undefined,
    children: [],
    ...more,
  });
  const connect = (values: readonly Value[], sources: Sources, to: string): void => {
    for (const value of values) {
      const from = sources.get(value);
      if (from === undefined) continue;
      const text = typeText(value.type);
      arrows.set(`${from} ${to} ${text}`, { from, to, text });
    }
  };
  const group: Drawing["group"] = (title, detail, doc, parameters, children) =>
    box("group", title, { detail, doc, parameters, children });
  const count: Drawing["count"] = (weights) => weights && countParameters(weights, numbers);

  const call = (node: Extract<Node, { op: "call" }>, sources: Sources, weights: Entry): Box => {
    const { callee } = node;
    const own = below(weights, node.weights);
    const label = addressText(node.weights);
    const title = label === "" ? callee.name : label;
    const detail = label === "" ? undefined : callee.name;
    const size = node.weights.length > 0 ? count(own) : undefined;
    const parameters = size === 0n ? undefined : size;
    if (isKnown(callee.name) || !isWorthOpening(callee)) {
      const made = box(label === "" && parameters === undefined ? "operation" : "layer", title, {
        detail,
        parameters,
        doc: callee.doc,
      });
      connect(node.operands, sources, made.id);
      node.outs.forEach((out) => sources.set(out, made.id));
      return made;
    }
    const inside: Sources = new Map();
    callee.parameters.forEach((parameter, n) => {
      const source = node.operands[n] && sources.get(node.operands[n]);
      if (source !== undefined) inside.set(parameter, source);
    });
    const children = read(callee.body, inside, own);
    node.outs.forEach((out, n) => {
      const source = callee.results[n] && inside.get(callee.results[n]);
      if (source !== undefined) sources.set(out, source);
    });
    return group(title, detail, callee.doc, parameters, children);
  };

  const read: Drawing["read"] = (body, sources, weights) =>
    body.flatMap((node): Box[] => {
      if (node.op === "call") return [call(node, sources, weights)];
      if (node.op === "repeat" || node.op === "scan") {
        node.carried.forEach(({ initial, parameter }) => pass(initial, parameter, sources));
        if (node.op === "scan") node.scanned.forEach(({ operand, parameter }) => pass(operand, parameter, sources));
        const children = read(node.body, sources, weights);
        if (node.op === "repeat") node.outs.forEach((out, n) => pass(node.carried[n]?.next, out, sources));
        else pass(node.step, node.out, sources);
        const times = node.op === "repeat" ? node.count : node.length;
        const number = evaluateExactly(times, (atom) => numbers.get(atom));
        const title = node.op === "repeat" ? `× ${number ?? printDim(times)}` : `scan, ${printDim(times)} steps`;
        const isPlain = number === undefined || printDim(times) === String(number);
        return [group(title, isPlain ? undefined : printDim(times), undefined, undefined, children)];
      }
      if (node.op === "weight") owned.set(node.out, addressText(node.path));
      // What a mask looks up goes into the attention too.
      const used = [...usesOf(node)];
      const operands = used.filter((value) => sources.has(value));
      const [only] = operands;
      // What is no data is said by the boxes that use it; what changes no number is not drawn.
      if (!only || isPlumbing(node)) {
        outsOf(node).forEach((out) => pass(only, out, sources));
        const [weight] = used.flatMap((value) => owned.get(value) ?? []);
        if (weight !== undefined) outsOf(node).forEach((out) => owned.set(out, weight));
        return [];
      }
      const detail = used.flatMap((value) => owned.get(value) ?? []).join(", ") || undefined;
      const made = box(isJoin(node) && operands.length > 1 ? "join" : "operation", operationText(node), { detail });
      connect(operands, sources, made.id);
      outsOf(node).forEach((out) => sources.set(out, made.id));
      return [made];
    });

  return {
    input: ({ name, type }) => box("input", name, { detail: typeText(type) }),
    output: (name, value, sources) => {
      const made = box("output", name, { detail: typeText(value.type) });
      connect([value], sources, made.id);
      return made;
    },
    group,
    read,
    count,
    arrows: () => [...arrows.values()],
  };
}

const addressText = (path: WeightPath): string =>
  path
    .map((part) => (typeof part === "string" ? part : `[${printDim(part)}]`))
    .join(".")
    .replaceAll(".[", "[");

function pass(from: Value | undefined, to: Value, sources: Sources): void {
  const source = from && sources.get(from);
  if (source !== undefined) sources.set(to, source);
}

/** A block of the user's that is made of layers; one that only computes is a box as a whole. */
function isWorthOpening({ body }: Function): boolean {
  return body.some((node) => node.op === "call" || node.op === "repeat" || node.op === "scan" || node.op === "attend");
}

const isPlumbing = ({ op }: Node): boolean => op === "rename" || op === "view" || op === "expand" || op === "store";

const isJoin = (node: Node): boolean => node.op === "map" && joins.has(node.name);

const joins: ReadonlyMap<MapName, string> = new Map([
  ["add", "+"],
  ["subtract", "−"],
  ["multiply", "×"],
  ["divide", "÷"],
]);

function operationText(node: Node): string {
  const label = (value: Value, axis: number): string => value.type.axes[axis]?.label ?? "";
  switch (node.op) {
    case "map":
      return joins.get(node.name) ?? node.name;
    case "reduce":
      return `${node.name}[${node.axes.join(", ")}]`;
    case "softmax":
      return `${node.log ? "log_softmax" : "softmax"}[${node.axis}]`;
    case "contract":
      return `dot[${node.axes.map(({ left }) => label(node.left, left)).join(", ")}]`;
    case "attend":
      return `attend[${node.i}, ${node.j}]`;
    case "along":
    case "roll":
      return `${node.op === "along" ? node.name : "roll"}[${label(node.operand, node.axis)}]`;
    case "slice":
      return `${label(node.operand, node.axis)}: ${printDim(node.from)}..${printDim(node.to)}`;
    case "take":
      return `${label(node.operand, node.axis)}: ${printDim(node.index)}`;
    case "concat":
      return `concat[${label(node.out, node.axis)}]`;
    case "gather":
      return "look up";
    default:
      return node.op;
  }
}

function below(weights: Entry, path: WeightPath): Entry {
  let entry = weights;
  for (const step of path) {
    if (entry?.kind === "tree" && typeof step === "string") entry = entry.entries.get(step);
    else if (entry?.kind === "repeated") entry = entry.each;
    else if (entry?.kind === "listed")
      entry = entry.items[typeof step === "string" ? 0 : Number(printDim(step))] ?? entry.items[0];
    else return undefined;
  }
  return entry;
}

function typeText({ dtype, axes }: ValueType): string {
  const axis = ({ label, dim }: ValueType["axes"][number]): string => {
    const size = printDim(dim);
    return label === "" || label === size ? size : `${label}: ${size}`;
  };
  return `${dtype}[${axes.map(axis).join(", ")}]`;
}
