import type { ReducePrimitive } from "./primitive.js";

/** One number of many, over the named axes; over all of them where none is named. */
export const reduces: readonly ReducePrimitive[] = [
  { kind: "reduce", name: "sum", reduce: "sum", doc: "The sum over the named axes." },
  { kind: "reduce", name: "mean", reduce: "mean", doc: "The mean over the named axes." },
  { kind: "reduce", name: "largest", reduce: "max", doc: "The largest entry over the named axes." },
  { kind: "reduce", name: "smallest", reduce: "min", doc: "The smallest entry over the named axes." },
  { kind: "reduce", name: "any", reduce: "any", doc: "Whether some entry over the named axes is true." },
  { kind: "reduce", name: "all", reduce: "all", doc: "Whether every entry over the named axes is true." },
];
