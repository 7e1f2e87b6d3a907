/** Types as written become types of the graph, and types of the graph become text. */
import type { NamedAxis, Type } from "../../grammar/ast.js";
import type { Axis, DType, ValueType } from "../ir/graph.js";
import { asAtom, printDim, type Dim } from "../shapes/index.js";
import { evaluateDim } from "./numbers.js";
import { edit } from "./mend/mend.js";
import { declaredSize } from "./mend/size.js";
import { report, type Scope } from "./scope.js";

export const tensorNames: ReadonlySet<string> = new Set(["f32", "i32", "bool"]);

export function isDType(name: string): name is DType {
  return tensorNames.has(name);
}

/** The axis `d` or `h: h / 2` as its label and size, both as the scope understands them. */
export function resolveAxis(scope: Scope, axis: NamedAxis): Axis | undefined {
  if (axis.dim.kind === "name" && !isKnown(scope, axis.dim.name)) {
    const mend = declaredSize(scope, axis.dim.name, axis.dim.span);
    report(scope, "N102", { name: axis.dim.name }, axis.dim.span, { label: "no size has this name", ...mend });
    return undefined;
  }
  const dim = evaluateDim(scope, axis.dim);
  if (dim === undefined) return undefined;
  const label = axis.label?.name ?? (axis.dim.kind === "name" ? axis.dim.name : "");
  return { label, dim };
}

const isKnown = (scope: Scope, name: string): boolean =>
  scope.names.has(name) || scope.sizes.has(name) || scope.axes.has(name);

/** A tensor type as written; undefined where one of its sizes has no meaning (which has been reported). */
export function resolveType(scope: Scope, type: Type): ValueType | undefined {
  if (!isDType(type.name.name)) {
    report(
      scope,
      "T208",
      { expected: "a tensor type (f32, i32 or bool)", found: `\`${type.name.name}\`` },
      type.name.span,
    );
    return undefined;
  }
  const axes: Axis[] = [];
  let complete = true;
  for (const axis of type.axes ?? []) {
    if (axis.kind === "rest") axes.push(...scope.rest);
    else {
      const resolved = resolveAxis(scope, axis);
      if (resolved) axes.push(resolved);
      else complete = false;
    }
  }
  const twice = axes.find(
    ({ label }, n) => label !== "" && label !== ".." && axes.findIndex((other) => other.label === label) < n,
  );
  if (twice) {
    const second = type.axes?.findLast((axis) => axis.kind === "axis" && axis.label?.name === twice.label);
    const apart = `other: ${twice.label}`;
    report(scope, "T209", { axis: twice.label, type: "this type" }, second?.span ?? type.span, {
      help: `name the second one apart: \`${apart}\``,
      fixes: second ? [edit(scope, second.span, apart)] : [],
    });
    return undefined;
  }
  return complete ? { dtype: type.name.name, axes } : undefined;
}

export function printAxis({ label, dim }: Axis): string {
  if (label === "..") return "..";
  const size = printDim(dim);
  return label === "" || label === size || asAtom(dim)?.name === label ? size : `${label}: ${size}`;
}

export function printType(type: ValueType): string {
  return `${type.dtype}[${type.axes.map(printAxis).join(", ")}]`;
}

/** `768` beside `d` where the config says so: "d = 768". */
export function printSize(dim: Dim, number: number | undefined): string {
  const text = printDim(dim);
  return number === undefined || text === String(number) ? text : `${text} = ${number}`;
}
