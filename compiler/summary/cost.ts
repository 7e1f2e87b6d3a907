/** What a pass costs, read off the graph that is emitted. */
import type { Function, Module, Node, Task, Value } from "../ir/graph.js";
import {
  add,
  asAtom,
  atomsOf,
  constant,
  multiply,
  one,
  quotient,
  sameDim,
  substitute,
  variable,
  zero,
  type Atom,
  type Dim,
} from "../shapes/index.js";

/** What is counted of one node, once. */
type Count = (node: Exclude<Node, { readonly op: "repeat" | "scan" | "once" | "call" }>) => Dim;

/** Sums over a function: what it calls counts where it is called, a loop's body as often as it runs. */
function total(body: readonly Node[], count: Count): Dim {
  return body
    .map((node) => {
      if (node.op === "repeat") return multiply(node.count, total(node.body, count));
      if (node.op === "once") return total(node.body, count);
      if (node.op === "scan") return multiply(node.length, total(node.body, count));
      return node.op === "call" ? total(node.callee.body, count) : count(node);
    })
    .reduce(add, zero);
}

const totalOf = (module: Module, task: Task, count: Count): Dim =>
  [module.body, task.forward].map((made: Function) => total(made.body, count)).reduce(add, zero);

const product = (dims: readonly Dim[]): Dim => dims.reduce(multiply, one);
const sizeOf = (value: Value): Dim => product(value.type.axes.map(({ dim }) => dim));
const isRunTime = (dim: Dim): boolean => atomsOf(dim).some(({ role }) => role === "axis");

/**
 * Floating-point operations of a forward pass, 2 for each multiplication and addition of a product of matrices, scores and
 * averages of attention included. Masked scores count, and elementwise work does not: it is a small part.
 */
export const flopsOf = (module: Module, task: Task): Dim => totalOf(module, task, flopsOfNode);

/** As `flopsOf`, of a part of the graph. */
export const flopsIn = (body: readonly Node[]): Dim => total(body, flopsOfNode);

const flopsOfNode: Count = (node) => {
  switch (node.op) {
    case "linear":
      return multiply(constant(2), multiply(sizeOf(node.operand), node.out.type.axes.at(-1)?.dim ?? one));
    case "contract": {
      // An outer product sums nothing: it is elementwise work.
      if (node.axes.length === 0) return zero;
      const summed = product(node.axes.map(({ left }) => node.left.type.axes[left]?.dim ?? one));
      return multiply(constant(2), multiply(sizeOf(node.out), summed));
    }
    case "conv": {
      const [, ...each] = node.weight.type.axes.map(({ dim }) => dim);
      return multiply(constant(2), multiply(sizeOf(node.out), product(each)));
    }
    case "attend": {
      const keys = node.key.type.axes.find(({ label }) => label === node.j)?.dim ?? one;
      return multiply(constant(2), multiply(keys, add(sizeOf(node.query), sizeOf(node.out))));
    }
    default:
      return zero;
  }
};

export interface Work {
  readonly flops: Dim;
  /** A token is a position of a sequence. Where not every part has them, work is told for an example. */
  readonly per: "token" | "example";
}

/** Work of a whole batch as that of a token, where all of it is done for the tokens of one kind of sequence. */
export function workEach(module: Module, flops: Dim): Work {
  const sequences = sequenceAxes(module);
  const runTime = runTimeAxes(module);
  const example = substitute(flops, (axis) => (runTime.includes(axis) && !sequences.includes(axis) ? one : undefined));
  const [axis, other] = sequences;
  // What no sequence is part of, such as an image, is no work of a token's.
  const rest = axis && substitute(example, (size) => (size === axis ? zero : undefined));
  return axis && rest && !other && sameDim(rest, zero)
    ? { flops: quotient(example, variable(axis)), per: "token" }
    : { flops: example, per: "example" };
}

/** Sequences lie along the last axis of an input; of those before it, each entry is counted for itself. */
export function sequenceAxes(module: Module): readonly Atom[] {
  return runTimeAxes(module).filter((axis) =>
    module.inputs.some(({ value }) => asAtom(value.type.axes.at(-1)?.dim ?? one) === axis),
  );
}

/** Numbers that decoding keeps for each position of one sequence: the keys and values of every attention. */
export function cachedPerToken(module: Module, task: Task): Dim {
  return totalOf(module, task, (node) => {
    if (node.op !== "attend" || !node.cache) return zero;
    const kept = [node.key, node.value].map((value) =>
      product(value.type.axes.map(({ dim }) => dim).filter((dim) => !isRunTime(dim))),
    );
    return kept.reduce(add, zero);
  });
}

/** The sizes that only a call knows: `batch`, `seq`. */
export function runTimeAxes({ inputs }: Module): readonly Atom[] {
  const atoms = inputs.flatMap(({ value }) => value.type.axes.flatMap(({ dim }) => atomsOf(dim)));
  return [...new Set(atoms)].filter(({ role }) => role === "axis");
}
