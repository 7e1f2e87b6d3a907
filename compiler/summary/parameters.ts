/** Parameters by address, as formulas over the config. */
import type { Weight, WeightList, WeightTree } from "../ir/graph.js";
import { add, multiply, one, zero, type Dim } from "../shapes/index.js";

export interface Step {
  readonly label: string;
  /** How often it stands, where it is repeated. */
  readonly count: Dim | undefined;
}

export interface Group {
  readonly path: readonly Step[];
  /** 0 for the model's own labels, 1 for what a repeated one is made of. */
  readonly depth: number;
  /** The repeated ones each time; but of what they are made of, in one. */
  readonly parameters: Dim;
}

type Entry = Weight | WeightTree | WeightList;

export function parametersOf(entry: Entry): Dim {
  switch (entry.kind) {
    case "weight":
      return entry.type.axes.reduce((product, { dim }) => multiply(product, dim), one);
    case "tree":
      return [...entry.entries.values()].map(parametersOf).reduce(add, zero);
    case "repeated":
      return multiply(entry.count, parametersOf(entry.each));
    case "listed":
      return entry.items.map(parametersOf).reduce(add, zero);
  }
}

/** The model's labels in order, and the labels within what is repeated: that is where layers show what they are made of. */
export function groupsOf(tree: WeightTree): Group[] {
  return [...tree.entries].flatMap(([label, entry]) => groupsBelow([], label, entry));
}

function groupsBelow(above: readonly Step[], label: string, entry: Entry): Group[] {
  const repeated = entry.kind === "repeated" ? entry : undefined;
  const path = [...above, { label, count: repeated?.count }];
  const inner = repeated?.each.kind === "tree" ? [...repeated.each.entries] : [];
  return [
    { path, depth: above.length, parameters: parametersOf(entry) },
    ...inner.flatMap(([name, part]) => groupsBelow(path, name, part)),
  ];
}
