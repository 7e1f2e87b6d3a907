/** Names for the types of functions' weights: `type AttentionWeights = Gpt2LayerWeights["attn"]`. */
import type { Function, Module, WeightPath } from "../ir/graph.js";
import { entriesOf, nodesOf } from "../ir/functions.js";
import { asConstant } from "../shapes/index.js";
import { upperFirst } from "./names.js";

export interface WeightTypes {
  readonly names: ReadonlyMap<Function, string>;
  /** `[name, definition]`, outer ones first. */
  readonly definitions: readonly (readonly [string, string])[];
}

/** Each function's weights are typed by the first address it is called at; all its addresses have the same shape. */
export function nameWeightTypes(
  module: Module,
  functionNames: ReadonlyMap<Function, string>,
  root: string,
): WeightTypes {
  const names = new Map<Function, string>();
  const definitions: (readonly [string, string])[] = [];
  const visit = (made: Function, type: string): void => {
    for (const node of nodesOf(made)) {
      if (node.op !== "call" || names.has(node.callee) || !readsWeights(node.callee)) continue;
      const own = `${upperFirst(functionNames.get(node.callee) ?? "")}Weights`;
      const place = node.weights.length === 0 ? type : `${type}${node.weights.map(step).join("")}`;
      if (node.weights.length > 0) definitions.push([own, place]);
      names.set(node.callee, node.weights.length === 0 ? type : own);
      visit(node.callee, node.weights.length === 0 ? type : own);
    }
  };
  for (const entry of entriesOf(module)) {
    if (readsWeights(entry)) names.set(entry, root);
    visit(entry, root);
  }
  return { names, definitions };
}

const step = (part: WeightPath[number]): string =>
  typeof part === "string"
    ? `[${JSON.stringify(part)}]`
    : asConstant(part) === undefined
      ? "[number]"
      : `[${asConstant(part)}]`;

export function readsWeights(made: Function): boolean {
  return nodesOf(made).some((node) => node.op === "weight" || (node.op === "call" && readsWeights(node.callee)));
}
