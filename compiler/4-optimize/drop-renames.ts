/** Renames that end where they began, and chains of renames, go away. */
import type { Function, Node, Value } from "../ir/graph.js";
import { eliminateDeadCode } from "../ir/dead-code.js";
import { mapValues } from "../ir/map-values.js";

export function dropRenames(made: Function): Function {
  const same = new Map<Value, Value>();
  const origin = new Map<Value, Value>();
  const read = (value: Value): Value => same.get(value) ?? value;
  const rewrite = (body: readonly Node[]): Node[] =>
    body.flatMap((node): Node[] => {
      const renewed = mapValues(node, { read, make: (value) => value });
      const current = renewed.op === "repeat" && node.op === "repeat" ? { ...renewed, body: rewrite(renewed.body) } : renewed;
      if (current.op !== "rename") return [current];
      const source = origin.get(current.operand) ?? current.operand;
      origin.set(current.out, source);
      if (!sameLabels(source, current.out)) return [{ ...current, operand: source }];
      same.set(current.out, source);
      return [];
    });
  const body = rewrite(made.body);
  // What follows a loop or ends the function reads through the same map.
  return eliminateDeadCode({ ...made, body: body.map((node) => mapValues(node, { read, make: (value) => value })), result: read(made.result) });
}

const sameLabels = (a: Value, b: Value): boolean => a.type.axes.every(({ label }, n) => label === b.type.axes[n]?.label);
