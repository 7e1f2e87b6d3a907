/** The addresses of a model's weights: labels, with `{i}` for those that are repeated. */
import { forEachWeight } from "../2-check/weight-tree.js";
import type { Weight, WeightTree } from "../ir/graph.js";
import type { Dim } from "../shapes/index.js";

export interface Step {
  readonly name: string;
  /** `{i}` of a loop, or a number. */
  readonly index: string | undefined;
}

export interface Address {
  readonly steps: readonly Step[];
  readonly text: string;
  readonly weight: Weight;
  readonly counts: readonly { readonly index: string; readonly count: Dim }[];
}

export function listAddresses(tree: WeightTree): Address[] {
  const found: Address[] = [];
  forEachWeight(tree, (parts, weight) => {
    const steps: Step[] = [];
    const counts: { index: string; count: Dim }[] = [];
    for (const part of parts) {
      if (typeof part === "string") steps.push({ name: part, index: undefined });
      else {
        const last = steps.pop();
        if (typeof part === "object") counts.push(part);
        if (last) steps.push({ name: last.name, index: typeof part === "number" ? String(part) : `{${part.index}}` });
      }
    }
    found.push({ steps, text: textOf(steps), weight, counts });
  });
  return found;
}

export const textOf = (steps: readonly Step[]): string =>
  steps.map(({ name, index }) => (index === undefined ? name : `${name}.${index}`)).join(".");
