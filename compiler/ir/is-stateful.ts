/** Whether a function reads or stores a cell of a `state`, itself or in what it calls. */
import { nodesOf } from "./functions.js";
import type { Function, Module, Task } from "./graph.js";

const known = new WeakMap<Function, boolean>();

export function isStateful(made: Function): boolean {
  const found =
    known.get(made) ??
    nodesOf(made).some(
      (node) => node.op === "state" || node.op === "store" || (node.op === "call" && isStateful(node.callee)),
    );
  known.set(made, found);
  return found;
}

/** Whether what a task gives depends on the calls before it. */
export const remembers = ({ body }: Module, { forward }: Task): boolean => isStateful(body) || isStateful(forward);
