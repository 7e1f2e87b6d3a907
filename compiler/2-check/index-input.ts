/** A tensor given to a mask or score: its axes take the labels that the input declares, `keep: bool[.., n]`. */
import type { Input, Span } from "../../grammar/ast.js";
import { use } from "./builder.js";
import { unknown, type Meaning, type TensorMeaning } from "./meaning.js";
import { report, type Scope } from "./scope.js";
import { relabel } from "./subscript.js";
import { isDType, printType } from "./types.js";

/** `meaning` as the input's name stands for it; reported where it has another dtype or too few axes. */
export function asIndexInput(scope: Scope, callee: string, input: Input, meaning: TensorMeaning, at: Span): Meaning {
  const { name, axes } = input.type;
  if (!axes || !isDType(name.name)) return meaning;
  const operand = use(scope.builder, meaning.value);
  const { type } = operand;
  if (type.dtype !== name.name) {
    const what = `${callee} needs ${name.name} for \`${input.name.name}\`, this is ${type.dtype}`;
    report(scope, "D401", { what }, at);
    return unknown;
  }
  const named = axes.filter((axis) => axis.kind !== "rest");
  const hasRest = named.length < axes.length;
  if (type.axes.length < named.length || (!hasRest && type.axes.length > named.length)) {
    const count = `${hasRest ? "at least " : ""}${named.length} ${named.length === 1 ? "axis" : "axes"}`;
    report(scope, "T208", { expected: `${count} for ${input.name.name}`, found: printType(type) }, at);
    return unknown;
  }
  const first = type.axes.length - named.length;
  const inside = type.axes.map((axis, n) => {
    const own = named[n - first];
    const label = own?.label?.name ?? (own?.dim.kind === "name" ? own.dim.name : undefined);
    return label === undefined ? axis : { ...axis, label };
  });
  return { ...meaning, value: relabel(scope, operand, inside) };
}
