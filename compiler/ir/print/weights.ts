import { printDim } from "../../shapes/index.js";
import type { WeightEntry } from "../find-weight.js";
import type { Weight, WeightPath } from "../graph.js";
import { printType } from "./type.js";

/** `h[i].attn.q.weight` */
export function printPath(path: WeightPath): string {
  return path
    .map((part, n) => (typeof part === "string" ? `${n > 0 ? "." : ""}${part}` : `[${printDim(part)}]`))
    .join("");
}

/** A line for each weight: its address, with the number of layers that are alike, its type and how it begins. */
export function printWeights(entry: WeightEntry, address = ""): string[] {
  switch (entry.kind) {
    case "weight":
      return [`${address}: ${printType(entry.type)} = ${printInitial(entry)}`];
    case "tree":
      return [...entry.entries].flatMap(([label, inner]) =>
        printWeights(inner, address === "" ? label : `${address}.${label}`),
      );
    case "repeated":
      return printWeights(entry.each, `${address}[< ${printDim(entry.count)}]`);
    case "listed":
      return entry.items.flatMap((item, n) => printWeights(item, `${address}[${n}]`));
  }
}

const printInitial = ({ initial }: Weight): string =>
  initial.kind === "normal" ? `normal(${initial.deviation})` : String(initial.value);
