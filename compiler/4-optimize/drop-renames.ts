/** Renames that end where they began, chains of renames, and views that move nothing go away. */
import type { Function, Node, Value, ViewNode } from "../ir/graph.js";
import { eliminateDeadCode } from "../ir/dead-code.js";
import { mapBody } from "../ir/functions.js";
import { mapValues } from "../ir/map-values.js";

export function dropRenames(made: Function): Function {
  const same = new Map<Value, Value>();
  const origin = new Map<Value, Value>();
  const read = (value: Value): Value => same.get(value) ?? value;
  const rewrite = (body: readonly Node[]): Node[] =>
    body.flatMap((node): Node[] => {
      const renewed = mapValues(node, { read, make: (value) => value });
      if (renewed.op === "repeat" || renewed.op === "scan") return [mapBody(renewed, rewrite)];
      const current = movesNothing(renewed)
        ? ({ op: "rename", operand: renewed.operand, out: renewed.out } as const)
        : renewed;
      if (current.op !== "rename") return [current];
      const source = origin.get(current.operand) ?? current.operand;
      origin.set(current.out, source);
      if (!sameLabels(source, current.out)) return [{ ...current, operand: source }];
      same.set(current.out, source);
      return [];
    });
  const body = rewrite(made.body);
  // What follows a loop or ends the function reads through the same map.
  return eliminateDeadCode({
    ...made,
    body: body.map((node) => mapValues(node, { read, make: (value) => value })),
    results: made.results.map(read),
  });
}

/** A view that neither splits, moves nor merges. */
function movesNothing(node: Node): node is ViewNode {
  return (
    node.op === "view" &&
    node.split.length === node.merge.length &&
    node.split.every((parts, n) => parts.length === 1 && node.merge[n]?.join() === parts[0]?.label)
  );
}

const sameLabels = (a: Value, b: Value): boolean =>
  a.type.axes.every(({ label }, n) => label === b.type.axes[n]?.label);
