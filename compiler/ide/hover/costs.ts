/** What parts of a model weigh and cost, as formulas over the config and as numbers under one. */
import type { Module, Node, Value, WeightTree } from "../../ir/graph.js";
import { outsOf, regionsOf } from "../../ir/operands.js";
import { evaluateCondition, evaluateExactly, printDim, type Atom, type Dim } from "../../shapes/index.js";
import { flopsIn, sequenceAxes, runTimeAxes, workEach } from "../../summary/cost.js";
import { parametersOf } from "../../summary/parameters.js";
import { countText, flopsText } from "../number-text.js";
import { inline } from "./markdown.js";

type Numbers = ReadonlyMap<Atom, number>;

/** Longer formulas say nothing at a glance. */
const formulaLimit = 100;

/** `2,362,368 parameters = 4*d^2 + 4*d`; undefined where there are none. */
export function parametersText(tree: WeightTree, numbers: Numbers): string | undefined {
  const formula = parametersOf(tree);
  const count = evaluateExactly(formula, (atom) => numbers.get(atom));
  return count ? `${countText(count)} parameters${formulaText(formula, countText(count))}` : undefined;
}

function formulaText(formula: Dim, number: string): string {
  const text = printDim(formula);
  return text.length > formulaLimit || text === number.replaceAll(",", "") ? "" : ` = ${inline(text)}`;
}

/** `7.08 MFLOPs a token = 8*d^2 + 4*seq*d, at seq = 1024`; undefined where there are none. */
export function workText(module: Module, body: readonly Node[], numbers: Numbers): string | undefined {
  const { flops, per } = workEach(module, flopsIn(body));
  const length = exampleLength(module, numbers);
  const sequences = sequenceAxes(module);
  const sizeOf = (atom: Atom): number | undefined =>
    numbers.get(atom) ?? (sequences.includes(atom) ? length : runTimeAxes(module).includes(atom) ? 1 : undefined);
  const count = evaluateExactly(flops, sizeOf);
  if (!count) return undefined;
  const formula = formulaText(flops, String(count));
  const lengths = sequences
    .filter(({ name }) => printDim(flops).includes(name))
    .map(({ name }) => `${name} = ${length}`);
  return `${flopsText(count)} a${per === "example" ? "n" : ""} ${per}${formula}${lengths.length > 0 ? `, at ${inline(lengths.join(", "))}` : ""}`;
}

/** How long sequences are in examples: 1024, or as long as the model takes them. */
function exampleLength(module: Module, numbers: Numbers): number {
  const sequences = sequenceAxes(module);
  let length = 1024;
  const fits = (): boolean =>
    module.guards.every(
      ({ condition }) =>
        evaluateCondition(condition, (atom) => (sequences.includes(atom) ? length : numbers.get(atom))) !== false,
    );
  while (length > 1 && !fits()) length /= 2;
  return length;
}

/** What makes a value, in the graph that is being built or inside of its loops. */
export function makerOf(body: readonly Node[], wanted: Value): Node | undefined {
  for (const node of body) {
    if (outsOf(node).includes(wanted)) return node;
    for (const region of regionsOf(node)) {
      const inside = makerOf(region.body, wanted);
      if (inside) return inside;
    }
  }
  return undefined;
}
