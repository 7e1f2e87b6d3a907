/** Where a weight lies in a file, as the emitted table says it. */
import type { PlacedWeight } from "../3-lower/checkpoint.js";
import { add, multiply, one, zero, type Dim } from "../shapes/index.js";
import type { SizeText } from "./sizes.js";

/** The axis of the file's tensor, merged ones split, that a declared axis is. */
export function axisInFile({ fileAxes, part }: PlacedWeight["place"], axis: number): number {
  const split = fileAxes.flat().flatMap((n) => (part?.pieces && n === part.axis ? [n, n] : [n]));
  return split.lastIndexOf(axis);
}

/**
 * The rule by which the file's tensor becomes the kept one, whose axes are the declared ones in the order `kept`; just the name
 * where the two are the same, and nothing where that is the address.
 */
export function storedText(
  size: SizeText,
  imports: Set<string>,
  { place, weight, address }: PlacedWeight,
  kept: readonly number[],
): string | undefined {
  const { names, fileAxes, part } = place;
  const sum = (dims: readonly Dim[]): Dim => dims.reduce(add, zero);
  const declared = (n: number): Dim => weight.type.axes[n]?.dim ?? zero;
  /** What a declared axis is in the file: stacked, and where that is done in pieces, two axes. */
  const inFile = (n: number): readonly Dim[] => {
    if (n !== part?.axis) return [declared(n)];
    return part.pieces ? [part.pieces, sum(part.all)] : [sum(part.all)];
  };
  const flat = fileAxes.flat();
  const split = flat.flatMap((n) => inFile(n).map((dim) => ({ n, dim })));
  const options: string[] = [];
  if (part) {
    const [before, upTo] = [part.before, part.all.slice(0, part.before.length + 1)].map(sum);
    options.push(
      `axis: ${split.findLastIndex(({ n }) => n === part.axis)}`,
      `from: ${size(before ?? zero)}`,
      `to: ${size(upTo ?? zero)}`,
      `of: ${size(sum(part.all))}`,
    );
  }
  const order = kept.flatMap((axis) => split.flatMap(({ n }, at) => (n === axis ? [at] : [])));
  if (order.some((at, n) => at !== n)) options.push(`order: [${order.join(", ")}]`);
  if (part?.pieces || fileAxes.some((axes) => axes.length !== 1)) {
    const product = (axes: readonly number[]): string => size(axes.flatMap(inFile).reduce(multiply, one));
    options.push(
      `split: [${split.map(({ dim }) => size(dim)).join(", ")}]`,
      `shape: [${fileAxes.map(product).join(", ")}]`,
    );
  }
  const name = names.length === 1 ? JSON.stringify(names[0]) : JSON.stringify(names);
  if (part && options.length === 4 && names.length === 1) {
    imports.add("cut");
    return `cut(${name}, ${options.map((option) => option.replace(/^\w+: /, "")).join(", ")})`;
  }
  if (options.length > 0) return `{ name: ${name}, ${options.join(", ")} }`;
  return names.length === 1 && names[0] === address ? undefined : names.length === 1 ? name : `{ name: ${name} }`;
}
