import { printDim } from "../../shapes/index.js";
import type { Axis, ValueType } from "../graph.js";

/** `d`, `vocab: 99`, and for an anonymous axis its size alone. */
export function printAxis({ label, dim }: Axis): string {
  const size = printDim(dim);
  return label === "" || label === size ? size : `${label}: ${size}`;
}

/** `f32[batch, seq, d]` */
export function printType({ dtype, axes }: ValueType): string {
  return `${dtype}[${axes.map(printAxis).join(", ")}]`;
}
