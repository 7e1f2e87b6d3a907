import { readFileSync } from "node:fs";
import type { Checkpoint, PlacedWeight } from "../../compiler/3-lower/checkpoint.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { entryAt, tabulate } from "../../compiler/ir/interpret/array.js";
import { evaluate, type Atom, type Dim } from "../../compiler/shapes/index.js";
import { readSafetensors } from "tfmc/runtime";

/** The tensors of a file of a reference case. */
export async function caseTensors(name: string, file: "model" | "io"): Promise<ReadonlyMap<string, NDArray>> {
  const bytes = readFileSync(new URL(`../reference/cases/${name}/${file}.safetensors`, import.meta.url));
  return readSafetensors(new Blob([bytes]));
}

/** A checkpoint's weights by address, each taken out of the file's tensor as its place says. */
export function checkpointWeights(
  { weights, prefixes }: Checkpoint,
  numbers: ReadonlyMap<Atom, number>,
  tensors: ReadonlyMap<string, NDArray>,
): (address: string) => NDArray {
  const size = (dim: Dim): number => {
    const number = evaluate(dim, (atom) => numbers.get(atom));
    if (number === undefined) throw new Error("a weight's size is no number");
    return number;
  };
  return (address) => {
    for (const placed of weights) {
      const indices = indicesIn(placed, address);
      if (!indices) continue;
      const names = placed.place.names.map((name) =>
        name.replace(/\{(\w+)\}/g, (_, index: string) => indices.get(index) ?? ""),
      );
      const tensor = names.flatMap((name) =>
        ["", ...prefixes].flatMap((prefix) => tensors.get(prefix + name) ?? []),
      )[0];
      if (!tensor) throw new Error(`the file has none of ${names.join(", ")}`);
      return takeOut(placed, tensor, size);
    }
    throw new Error(`no weight has the address ${address}`);
  };
}

/** What each index of the placed weight's address is in `address`, or undefined where that is another weight's. */
function indicesIn(
  { address: pattern, counts }: PlacedWeight,
  address: string,
): ReadonlyMap<string, string> | undefined {
  const match = new RegExp(`^${pattern.replaceAll(".", "\\.").replace(/\{\w+\}/g, "(\\d+)")}$`).exec(address);
  return match ? new Map(counts.map(({ index }, n) => [index, match[n + 1] ?? ""])) : undefined;
}

function takeOut({ weight, place }: PlacedWeight, tensor: NDArray, size: (dim: Dim) => number): NDArray {
  const { part, fileAxes } = place;
  const sum = (dims: readonly Dim[]): number => dims.reduce((total, dim) => total + size(dim), 0);
  const sizes = weight.type.axes.map(({ dim }) => size(dim));
  const pieces = part?.pieces ? size(part.pieces) : 1;
  const whole = sizes.map((length, axis) => (part?.axis === axis ? pieces * sum(part.all) : length));
  const shape = fileAxes.map((axes) => axes.reduce((product, axis) => product * (whole[axis] ?? 1), 1));
  if (shape.join() !== tensor.shape.join())
    throw new Error(`[${tensor.shape.join()}] in the file, [${shape.join()}] is due`);
  /** The place of an entry of a stacked axis, of which a piece holds so many of this weight. */
  const stacked = (at: number, own: number): number =>
    Math.floor(at / own) * sum(part?.all ?? []) + sum(part?.before ?? []) + (at % own);
  return tabulate(sizes, (index) => {
    const inFile = fileAxes.map((axes) =>
      axes.reduce((offset, axis) => {
        const at = index[axis] ?? 0;
        return offset * (whole[axis] ?? 1) + (part?.axis === axis ? stacked(at, (sizes[axis] ?? 1) / pieces) : at);
      }, 0),
    );
    return entryAt(tensor, inFile);
  });
}
