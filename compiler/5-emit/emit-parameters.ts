/** The table of weights: shape, initial value and place in the checkpoint of each, as a tree like the addresses. */
import type { Checkpoint, PlacedWeight } from "../3-lower/checkpoint.js";
import type { Weight, WeightList, WeightTree } from "../ir/graph.js";
import { treeKey } from "../ir/tree-key.js";
import { compressionText } from "./compression-text.js";
import type { SizeText } from "./sizes.js";
import { shapeText } from "./sizes.js";
import { storedText } from "./stored-text.js";

export interface ParameterWriting {
  readonly checkpoint: Checkpoint;
  readonly transposed: ReadonlySet<Weight>;
  readonly size: SizeText;
  readonly imports: Set<string>;
}

export function parametersText(writing: ParameterWriting, tree: WeightTree): string {
  const indexNames = ["i", "j", "k", "l", "m", "n"];
  const walk = (node: Weight | WeightTree | WeightList, address: readonly string[], depth: number): string => {
    switch (node.kind) {
      case "weight":
        return paramText(writing, writing.checkpoint.byAddress.get(address.join(".")), node);
      case "tree":
        return `{ ${[...node.entries].map(([name, entry]) => `${key(name)}: ${walk(entry, [...address, name], depth)}`).join(", ")} }`;
      case "repeated": {
        const index = indexNames[depth] ?? `i${depth}`;
        writing.imports.add("repeat");
        return `repeat(${writing.size(node.count)}, "${index}", ${walk(node.each, [...address, `{${index}}`], depth + 1)})`;
      }
      case "listed": {
        const items = node.items.map((item, n) => walk(item, [...address, String(n)], depth)).join(", ");
        // Of layers that differ each has a type of its own.
        if (new Set(node.items.map(treeKey)).size < 2) return `[${items}]`;
        writing.imports.add("list");
        return `list(${items})`;
      }
    }
  };
  return walk(tree, [], 0);
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function paramText(writing: ParameterWriting, placed: PlacedWeight | undefined, weight: Weight): string {
  const { imports, size } = writing;
  imports.add("param");
  const turned = writing.transposed.has(weight);
  // Axes as they are kept, each with its position as declared.
  const kept = weight.type.axes.map((axis, n) => ({ axis, n }));
  if (turned) kept.reverse();
  const type = { dtype: weight.type.dtype, axes: kept.map(({ axis }) => axis) };
  const sizes = `[${kept.map(({ axis }) => size(axis.dim)).join(", ")}]`;
  const stored = placed
    ? storedText(
        size,
        imports,
        placed,
        kept.map(({ n }) => n),
      )
    : undefined;
  const compression = placed && compressionText(placed);
  const rest = compression === undefined ? [stored ?? []].flat() : [stored ?? "undefined", compression];
  return `param(${[JSON.stringify(shapeText(type)), sizes, initialText(weight, imports), ...rest].join(", ")})`;
}

function initialText({ initial }: Weight, imports: Set<string>): string {
  if (initial.kind === "normal") {
    imports.add("normal");
    return `normal(${initial.deviation})`;
  }
  const name = initial.value === 0 ? "zeros" : initial.value === 1 ? "ones" : "constant";
  imports.add(name);
  return name === "constant" ? `constant(${initial.value})` : name;
}
