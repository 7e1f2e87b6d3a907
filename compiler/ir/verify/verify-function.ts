/** One function: every value made once and before it is read, every type well formed, every node legal. */
import { atomsOf, printDim, type Atom, type Dim } from "../../shapes/index.js";
import type { Function, Node, Value } from "../graph.js";
import { operandsOf, outsOf, regionsOf } from "../operands.js";
import { printType } from "../print/type.js";
import { sizesIn } from "../sizes-in.js";
import { nodeRule } from "./node-rule.js";
import type { Sizes } from "./sizes.js";

/** "lowered": as it comes from the source. "optimized": after any of the passes. */
export type Stage = "lowered" | "optimized";

/** Kinds of nodes that only optimisation makes. */
const late: ReadonlySet<Node["op"]> = new Set(["linear", "table", "once"]);

export function verifyFunction(made: Function, stage: Stage, sizes: Sizes, known: ReadonlySet<Atom>): string[] {
  const problems: string[] = [];
  const defined = new Set<Value>();
  const say = (where: string, what: string): void => void problems.push(`${made.name}: ${where} ${what}`);

  const define = (value: Value, visible: Set<Value>, atoms: ReadonlySet<Atom>): void => {
    if (defined.has(value)) say(value.name, "is made twice");
    defined.add(value);
    visible.add(value);
    const labels = value.type.axes.map(({ label }) => label).filter((label) => label !== "");
    if (new Set(labels).size < labels.length) say(value.name, `is ${printType(value.type)}: one label for two axes`);
    for (const { dim } of value.type.axes) knowDim(value.name, dim, atoms);
  };
  const read = (value: Value, visible: ReadonlySet<Value>, where: string): void => {
    if (!visible.has(value))
      say(where, `reads ${value.name}, which ${defined.has(value) ? "is out of scope" : "is not made"}`);
  };
  const knowDim = (where: string, dim: Dim, atoms: ReadonlySet<Atom>): void => {
    const stray = atomsOf(dim).find((atom) => !atoms.has(atom));
    if (stray) say(where, `has the size ${printDim(dim)}, and nothing gives ${stray.name}`);
  };

  const visit = (body: readonly Node[], visible: Set<Value>, atoms: ReadonlySet<Atom>): void => {
    for (const node of body) {
      const where = `${node.op} ${outsOf(node)
        .map(({ name }) => name)
        .join(", ")}`;
      if (stage === "lowered" && late.has(node.op)) say(where, "is only legal after optimisation");
      for (const operand of operandsOf(node)) read(operand, visible, where);
      for (const dim of sizesIn(node)) knowDim(where, dim, atoms);
      const inner = node.op === "repeat" ? new Set([...atoms, node.index]) : atoms;
      if (node.op === "repeat" && atoms.has(node.index))
        say(where, `counts by ${node.index.name}, which has a value already`);
      for (const { parameters, body: inside, results } of regionsOf(node)) {
        // A table is made on the host, from its indices alone.
        const within = new Set(node.op === "table" ? [] : visible);
        for (const parameter of parameters) define(parameter, within, atoms);
        visit(inside, within, inner);
        for (const result of results) read(result, within, where);
      }
      for (const out of outsOf(node)) {
        // What it gives is made inside it.
        if (node.op === "once") visible.add(out);
        else define(out, visible, atoms);
      }
      for (const problem of nodeRule(node, sizes)) say(where, problem);
    }
  };

  const visible = new Set<Value>();
  for (const parameter of made.parameters) define(parameter, visible, known);
  visit(made.body, visible, known);
  for (const result of made.results) read(result, visible, "the result");
  return problems;
}
