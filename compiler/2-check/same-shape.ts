import type { ValueType } from "../ir/graph.js";
import { constant } from "../shapes/index.js";
import { equalDims } from "./decide.js";
import type { Scope } from "./scope.js";

/** Whether two types have the same dtype and sizes, whatever their axes are called. */
export function sameShape(scope: Scope, a: ValueType, b: ValueType): boolean {
  return (
    a.dtype === b.dtype &&
    a.axes.length === b.axes.length &&
    a.axes.every((axis, n) => equalDims(scope.context, axis.dim, b.axes[n]?.dim ?? constant(-1)) === "yes")
  );
}
