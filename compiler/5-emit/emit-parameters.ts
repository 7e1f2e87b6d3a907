/** The table of weights: shape, initial value and place in the checkpoint of each, as a tree like the addresses. */
import type { Checkpoint, PlacedWeight } from "../3-lower/checkpoint.js";
import type { Weight, WeightList, WeightTree } from "../ir/graph.js";
import { treeKey } from "../ir/tree-key.js";
import { add, zero, type Dim } from "../shapes/index.js";
import type { SizeText } from "./sizes.js";
import { shapeText } from "./sizes.js";

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
        writing,
        placed,
        kept.map(({ n }) => n),
      )
    : undefined;
  return `param(${[JSON.stringify(shapeText(type)), sizes, initialText(weight, imports), ...(stored === undefined ? [] : [stored])].join(", ")})`;
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

/** The rule by which the file's tensor becomes the kept one; just the name where the two are the same. */
function storedText(
  { size, imports }: ParameterWriting,
  { place, weight, address }: PlacedWeight,
  kept: readonly number[],
): string | undefined {
  const { names, fileAxes, part } = place;
  const flat = fileAxes.flat();
  const options: string[] = [];
  if (part) {
    const sum = (dims: readonly Dim[]): Dim => dims.reduce(add, zero);
    const axis = flat.indexOf(part.axis);
    const own = weight.type.axes[part.axis]?.dim ?? zero;
    options.push(
      `axis: ${axis}`,
      `from: ${size(sum(part.before))}`,
      `to: ${size(add(sum(part.before), own))}`,
      `of: ${size(sum(part.all))}`,
    );
  }
  const order = kept.map((n) => flat.indexOf(n));
  if (order.some((at, n) => at !== n)) options.push(`order: [${order.join(", ")}]`);
  if (fileAxes.some((axes) => axes.length > 1)) {
    const dim = (n: number): string => size(weight.type.axes[n]?.dim ?? zero);
    options.push(
      `split: [${flat.map(dim).join(", ")}]`,
      `shape: [${fileAxes.map((axes) => axes.map(dim).join(" * ")).join(", ")}]`,
    );
  }
  const name = names.length === 1 ? JSON.stringify(names[0]) : JSON.stringify(names);
  const [first] = names;
  if (part && options.length === 4 && names.length === 1) {
    imports.add("cut");
    return `cut(${JSON.stringify(first)}, ${options.map((option) => option.replace(/^\w+: /, "")).join(", ")})`;
  }
  if (options.length > 0) return `{ name: ${name}, ${options.join(", ")} }`;
  return names.length === 1 && names[0] === address ? undefined : names.length === 1 ? name : `{ name: ${name} }`;
}
