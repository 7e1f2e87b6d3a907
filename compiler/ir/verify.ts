/**
 * What is legal in the graph, at each stage. Run after every pass in tests; what it lets through the interpreter can run
 * and a target can emit.
 *
 * 1. Every value is made once, before it is read, and read only where it is in scope: in its function, its loop, its region.
 * 2. Every size is made of config entries, sizes of inputs, and counters of the loops around it.
 * 3. Labels of one type are distinct; every node's result is what its kind makes of its operands (see `verify/`).
 * 4. Calls match their callees by rank and sizes, do not recurse, and lead to weights that the tree has, as it has them;
 *    after optimisation a weight of two axes may be read with these swapped, then by all its readers.
 * 5. `linear`, `table` and `once` appear only after optimisation.
 * 6. A task takes the model's results, its own inputs, and inputs of the model, by name.
 */
import { asAtom, type Atom } from "../shapes/index.js";
import { entriesOf, functionsOf, nodesOf } from "./functions.js";
import type { Function, Module } from "./graph.js";
import { loopsAround } from "./verify/loops-around.js";
import { createSizes } from "./verify/sizes.js";
import { verifyEntries } from "./verify/verify-entries.js";
import { verifyFunction, type Stage } from "./verify/verify-function.js";
import { verifyWeights } from "./verify/verify-weights.js";

export type { Stage } from "./verify/verify-function.js";

/** What is wrong with the module, in words; empty if it is legal. */
export function verifyModule(module: Module, stage: Stage): readonly string[] {
  const cycle = findCycle(entriesOf(module));
  if (cycle) return [`${cycle.name} calls itself`];
  const sizes = createSizes(module);
  const known = knownAtoms(module);
  const loops = loopsAround(module);
  const functions = functionsOf(module).flatMap((made) =>
    verifyFunction(made, stage, sizes, new Set([...known, ...(loops.get(made) ?? [])])),
  );
  return [...verifyEntries(module, sizes, known), ...functions, ...verifyWeights(module, stage, sizes)];
}

function findCycle(entries: readonly Function[]): Function | undefined {
  const done = new Set<Function>();
  const visit = (made: Function, callers: readonly Function[]): Function | undefined => {
    if (callers.includes(made)) return made;
    if (done.has(made)) return undefined;
    done.add(made);
    for (const node of nodesOf(made)) {
      const found = node.op === "call" ? visit(node.callee, [...callers, made]) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  for (const entry of entries) {
    const found = visit(entry, []);
    if (found) return found;
  }
  return undefined;
}

/** Config entries, and the sizes that inputs bring: each must be the whole size of some axis. */
function knownAtoms({ config, inputs, tasks }: Module): ReadonlySet<Atom> {
  const ports = [...inputs, ...tasks.flatMap((task) => task.inputs)];
  return new Set([
    ...config.flatMap(({ atom }) => atom ?? []),
    ...ports.flatMap(({ value }) => value.type.axes.flatMap(({ dim }) => asAtom(dim) ?? [])),
  ]);
}
