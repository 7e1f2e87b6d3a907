/** Sets apart what no step of decoding changes: a step then takes it from the cache instead of computing it again. */
import type { Function, Node, OnceNode, Value } from "../ir/graph.js";
import { hasEffect } from "../ir/has-effect.js";
import { outsOf, regionsOf, usesOf } from "../ir/operands.js";
import type { Level } from "./level.js";

/** Rewrites the bodies of functions and of what they call. `levelOf`: what a node depends on, in every place that runs it. */
export function setApart(entries: readonly Function[], levelOf: (node: Node) => Level | undefined): void {
  const done = new Set<Function>();
  const ofFunction = (made: Function): void => {
    if (done.has(made)) return;
    done.add(made);
    ofBody(made.body, made.results);
  };
  const ofBody = (body: Node[], results: readonly Value[]): void => {
    const chosen = chooseNodes(body, results, levelOf);
    if (chosen.size > 0) body.splice(0, body.length, ...split(body, results, chosen));
    for (const node of body) {
      if (node.op === "call") ofFunction(node.callee);
      else if (node.op === "repeat" || (node.op === "scan" && !node.cache))
        for (const region of regionsOf(node)) ofBody(region.body, region.results);
    }
  };
  entries.forEach(ofFunction);
}

/** What other inputs decide, and what serves that alone. */
function chooseNodes(
  body: readonly Node[],
  results: readonly Value[],
  levelOf: (node: Node) => Level | undefined,
): ReadonlySet<Node> {
  const chosen = new Set<Node>();
  const needed = new Set<Value>();
  const elsewhere = new Set<Value>(results);
  for (const node of [...body].reverse()) {
    const level = levelOf(node);
    const outs = outsOf(node);
    const serves = outs.some((out) => needed.has(out)) && !outs.some((out) => elsewhere.has(out));
    const isChosen = !hasEffect(node) && (level === "fixed" || (level === "constant" && serves));
    if (isChosen) chosen.add(node);
    for (const value of usesOf(node)) (isChosen ? needed : elsewhere).add(value);
  }
  return chosen;
}

/** What the chosen nodes need, then these as one, then the rest; each part in its order. */
function split(body: readonly Node[], results: readonly Value[], chosen: ReadonlySet<Node>): Node[] {
  const [inside, others] = [body.filter((node) => chosen.has(node)), body.filter((node) => !chosen.has(node))];
  const needed = new Set(inside.flatMap((node) => [...usesOf(node)]));
  const before = new Set<Node>();
  for (const node of [...others].reverse()) {
    if (!outsOf(node).some((out) => needed.has(out))) continue;
    before.add(node);
    for (const value of usesOf(node)) needed.add(value);
  }
  const read = new Set([...results, ...others.flatMap((node) => [...usesOf(node)])]);
  const once: OnceNode = {
    op: "once",
    body: inside,
    outs: inside.flatMap(outsOf).filter((out) => read.has(out)),
  };
  const [early, late] = [others.filter((node) => before.has(node)), others.filter((node) => !before.has(node))];
  return [...early, once, ...late];
}
