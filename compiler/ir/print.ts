/**
 * The graph as readable text, for snapshots and for eyes: one paragraph a function, one line a node. Names come from the
 * source; what shares one is numbered in the order of definition, so that equal graphs print equally.
 */
import { printDim } from "../shapes/index.js";
import { functionsOf } from "./functions.js";
import { outsOf } from "./operands.js";
import type { Function, Module, Node, Region, RepeatNode, ScanNode, Value } from "./graph.js";
import { printOperation, type Names } from "./print/operation.js";
import { printType } from "./print/type.js";
import { printPath, printWeights } from "./print/weights.js";

export function printModule(module: Module): string {
  const functions = functionsOf(module);
  const callees = uniqueNames<Function>(({ name }) => name);
  functions.forEach((made) => callees(made));
  const config = module.config.map(({ name, value }) => `${name} = ${value}`).join(", ");
  const guards = module.guards.map(({ text }) => `guard ${text}`);
  const tasks = module.tasks.map(({ name, inputs, forward, loss, outputs }) => {
    const ports = inputs.map(({ value }) => `${value.name}: ${printType(value.type)}`).join(", ");
    return `task ${name}(${ports}): ${callees(forward)} gives ${outputs.join(", ")}${loss ? `, loss ${callees(loss)}` : ""}`;
  });
  return [
    [`module ${module.model}, config ${module.configName}{${config}}`, ...guards, ...tasks].join("\n"),
    ["weights", ...printWeights(module.weights).map((line) => `  ${line}`)].join("\n"),
    ...functions.map((made) => printNamed(made, callees)),
  ].join("\n\n");
}

export function printFunction(made: Function): string {
  return printNamed(
    made,
    uniqueNames<Function>(({ name }) => name),
  );
}

function printNamed(made: Function, callees: (callee: Function) => string): string {
  const number = uniqueNames<Value>(({ name }) => name);
  const names: Names = { value: (value) => `%${number(value)}`, callee: callees };
  const define = (value: Value): string => `${names.value(value)}: ${printType(value.type)}`;
  const head = `${made.role} ${callees(made)}(${made.parameters.map(define).join(", ")}) -> ${made.results.map(({ type }) => printType(type)).join(", ")}`;
  const body = printNodes(made.body, names, define);
  return [head, ...indent([...body, `return ${made.results.map(names.value).join(", ")}`])].join("\n");
}

type Define = (value: Value) => string;

function printNodes(body: readonly Node[], names: Names, define: Define): string[] {
  return body.flatMap((node) => {
    if (node.op === "repeat") return printRepeat(node, names, define);
    if (node.op === "scan") return printScan(node, names, define);
    if (node.op === "once") {
      const inside = printNodes(node.body, names, define);
      return ["once", ...indent([...inside, `keep ${node.outs.map(names.value).join(", ")}`])];
    }
    if (node.op === "store") return [`state.${printPath(node.path)} := ${names.value(node.operand)}`];
    // Operands come first, so that a value which is read before it is made shows as such.
    const operation = printOperation(node, names);
    const line = `${outsOf(node).map(define).join(", ")} = ${operation}`;
    if (node.op === "table")
      return [line, ...printRegion("entry", { ...node, parameters: node.indices }, names, define)];
    if (node.op !== "attend") return [line];
    const regions = [
      ["mask", node.mask],
      ["score", node.score],
    ] as const;
    return [line, ...regions.flatMap(([clause, region]) => (region ? printRegion(clause, region, names, define) : []))];
  });
}

function printRegion(clause: string, { parameters, body, result }: Region, names: Names, define: Define): string[] {
  const head = `${clause} (${parameters.map(define).join(", ")})`;
  return indent([head, ...indent([...printNodes(body, names, define), `give ${names.value(result)}`])]);
}

function printRepeat({ index, count, carried, body, outs }: RepeatNode, names: Names, define: Define): string[] {
  const initials = carried.map(({ initial }) => names.value(initial));
  const rounds = carried.map(({ parameter }, n) => `${define(parameter)} = ${initials[n]}`);
  const head = `repeat ${index.name} < ${printDim(count)} (${rounds.join(", ")})`;
  const inside = [
    ...printNodes(body, names, define),
    `next ${carried.map(({ next }) => names.value(next)).join(", ")}`,
  ];
  return [head, ...indent(inside), `${outs.map(define).join(", ")} = end`];
}

function printScan(
  { length, scanned, carried, body, step, axis, out }: ScanNode,
  names: Names,
  define: Define,
): string[] {
  const sources = scanned.map(
    ({ operand, axis: at }) => `${names.value(operand)}[${operand.type.axes[at]?.label ?? at}]`,
  );
  const initials = carried.map(({ initial }) => names.value(initial));
  const entries = scanned.map(({ parameter }, n) => `${define(parameter)} of ${sources[n]}`);
  const rounds = carried.map(({ parameter }, n) => `${define(parameter)} = ${initials[n]}`);
  const next = carried.map((each) => names.value(each.next));
  const inside = [
    ...printNodes(body, names, define),
    ...(next.length > 0 ? [`next ${next.join(", ")}`] : []),
    `yield ${names.value(step)}`,
  ];
  const label = out.type.axes[axis]?.label ?? axis;
  return [
    `scan ${printDim(length)} (${[...entries, ...rounds].join(", ")})`,
    ...indent(inside),
    `${define(out)} = joined along ${label}`,
  ];
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** Gives each thing a name of its own: the first `x` is x, the next is x.2. */
function uniqueNames<T>(nameOf: (thing: T) => string): (thing: T) => string {
  const names = new Map<T, string>();
  const counts = new Map<string, number>();
  return (thing) => {
    const known = names.get(thing);
    if (known !== undefined) return known;
    const name = nameOf(thing);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const unique = count === 1 ? name : `${name}.${count}`;
    names.set(thing, unique);
    return unique;
  };
}
