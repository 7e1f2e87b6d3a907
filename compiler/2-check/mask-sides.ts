/** Queries and keys mistaken for each other: in self-attention their sizes agree, so that shapes alone do not tell. */
import type { Span } from "../../grammar/ast.js";
import type { Axis, Value } from "../ir/graph.js";
import { asAtom, asConstant, variable, type Dim } from "../shapes/index.js";
import { equalDims } from "./decide.js";
import { sourceOf, edit } from "./mend/mend.js";
import type { Meaning } from "./meaning.js";
import { report, type Scope } from "./scope.js";
import { standing } from "./standing.js";
import { printAxis, printType } from "./types.js";

const sides = ["q", "k"] as const;

/** Whether a look-up in a mask or score is by the position of the other side than the one the table is about; reported. */
export function isWrongSide(scope: Scope, index: Meaning, table: Value, axis: number, at: Span, span: Span): boolean {
  const looked = table.type.axes[axis];
  const used = index.kind === "tensor" && index.index ? asAtom(index.index) : undefined;
  if (scope.order === undefined || !looked || !used) return false;
  const [own, other] = sides.map((name) => ({ name, symbol: positionOf(scope, name) }));
  const [here, there] = own?.symbol === used ? [own, other] : other?.symbol === used ? [other, own] : [];
  if (!here?.symbol?.max || !there?.symbol?.max) return false;
  const fits = (size: Dim): boolean => equalDims(scope.context, looked.dim, size) === "yes";
  // Numbers may agree by chance.
  if (asConstant(looked.dim) !== undefined || fits(here.symbol.max) || !fits(there.symbol.max)) return false;
  const demand = { kind: "range", index: variable(used), size: looked.dim, axis: looked.label } as const;
  if (standing(scope.context, demand).kind === "holds") return false;
  const text = sourceOf(scope, span);
  const mended = `${text.slice(0, at.start - span.start)}${there.name}${text.slice(at.end - span.start)}`;
  report(scope, "T206", { clause: table.type.dtype === "bool" ? "mask" : "score" }, at, {
    label: `${here.name} runs over the ${here.name === "q" ? "queries" : "keys"}; this axis is ${printAxis(looked)}`,
    notes: [`the table is ${printType(table.type)}`],
    help: `index ${there.name === "k" ? "keys" : "queries"} instead: \`${mended}\``,
    fixes: [edit(scope, at, there.name)],
  });
  return true;
}

function positionOf(scope: Scope, name: string): ReturnType<typeof asAtom> {
  const meaning = scope.names.get(name);
  return meaning?.kind === "tensor" && meaning.index ? asAtom(meaning.index) : undefined;
}

/** A mask over queries alone lets each of them see all keys or none. */
export function lintMask(scope: Scope, result: Value, query: Axis, key: Axis, at: Span): void {
  const has = ({ label }: Axis): boolean => result.type.axes.some((axis) => axis.label === label);
  if (!has(query) || has(key)) return;
  report(scope, "T214", {}, at, { label: printType(result.type) });
}
