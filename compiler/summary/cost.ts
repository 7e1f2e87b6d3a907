/** What a pass costs, read off the graph that is emitted. */
import type { Function, Module, Node, Task, Value } from "../ir/graph.js";
import { add, atomsOf, constant, multiply, one, zero, type Atom, type Dim } from "../shapes/index.js";

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
export function flopsOf(module: Module, task: Task): Dim {
  return totalOf(module, task, (node) => {
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
  });
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
