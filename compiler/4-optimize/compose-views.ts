/** A view of a view is one view, where the second only splits or moves what the first left whole. */
import type { Axis, Function, Node, Value, ViewNode } from "../ir/graph.js";
import { eliminateDeadCode } from "../ir/dead-code.js";
import { sameDim } from "../shapes/index.js";
import { mapBody } from "../ir/functions.js";
import { countUses } from "./count-uses.js";

export function composeViews(made: Function): Function {
  const uses = countUses(made);
  const rewrite = (body: readonly Node[]): Node[] => {
    const views = new Map<Value, ViewNode>();
    return body.map((node): Node => {
      if (node.op === "repeat" || node.op === "scan") return mapBody(node, rewrite);
      if (node.op === "rename" && views.has(node.operand) && uses.get(node.operand) === 1) {
        const inner = views.get(node.operand) as ViewNode;
        const moved: ViewNode = { ...inner, out: node.out };
        views.set(node.out, moved);
        return moved;
      }
      if (node.op !== "view") return node;
      const inner = views.get(node.operand);
      const composed = (inner && uses.get(node.operand) === 1 && compose(inner, node)) || node;
      views.set(composed.out, composed);
      return composed;
    });
  };
  return eliminateDeadCode({ ...made, body: rewrite(made.body) });
}

/** Each axis that `outer` takes in is made by `inner` of known parts; it must take them whole or split one part. */
function compose(inner: ViewNode, outer: ViewNode): ViewNode | undefined {
  const parts = new Map(inner.split.flat().map((axis) => [axis.label, axis]));
  const split = new Map<string, Axis[]>();
  const pieces = new Map<string, string[]>();
  const taken = new Set<string>();
  const fresh = (label: string): string => {
    let name = label || "_";
    while (taken.has(name)) name += "_";
    taken.add(name);
    return name;
  };
  for (const [n, into] of outer.split.entries()) {
    const made = inner.merge[n];
    if (!made) return undefined;
    const [whole] = into;
    if (into.length === 1 && whole) {
      const names = made.map((name) => fresh(made.length === 1 ? whole.label : name));
      made.forEach((name, m) => split.set(name, [{ label: names[m] as string, dim: (parts.get(name) as Axis).dim }]));
      pieces.set(whole.label, names);
    } else if (made.length === 1) {
      const renamed = into.map(({ label, dim }) => ({ label: fresh(label), dim }));
      split.set(made[0] as string, renamed);
      into.forEach(({ label }, m) => pieces.set(label, [renamed[m]?.label as string]));
    } else if (
      made.length === into.length &&
      into.every(({ dim }, m) => sameDim(dim, (parts.get(made[m] as string) as Axis).dim))
    ) {
      // The axis is split into exactly what it was merged from.
      const names = into.map(({ label }) => fresh(label));
      made.forEach((name, m) => split.set(name, [{ label: names[m] as string, dim: (parts.get(name) as Axis).dim }]));
      into.forEach(({ label }, m) => pieces.set(label, [names[m] as string]));
    } else return undefined;
  }
  return {
    op: "view",
    operand: inner.operand,
    split: inner.split.map((axis) => axis.flatMap(({ label }) => split.get(label) ?? [])),
    merge: outer.merge.map((names) => names.flatMap((name) => pieces.get(name) ?? [])),
    out: outer.out,
  };
}
