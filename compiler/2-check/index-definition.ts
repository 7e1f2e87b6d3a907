/** A mask or score where it is declared: read once for any queries and keys, as its uses are read for those that they have. */
import type { IndexDeclaration, Input } from "../../grammar/ast.js";
import type { Code } from "../diagnostics/catalogue.js";
import type { Problem } from "../diagnostics/problem.js";
import { atom, variable, type Dim } from "../shapes/index.js";
import type { Axis, DType } from "../ir/graph.js";
import { asResult } from "./attend.js";
import { value } from "./builder.js";
import { dataEntry, positionAtom } from "./entries.js";
import { evaluate } from "./expressions.js";
import type { Meaning } from "./meaning.js";
import { inner, type Scope } from "./scope.js";
import { isDType } from "./types.js";

/** Mistakes that no use can be right in. Which sizes and axes meet, only a use knows. */
const certain: readonly Code[] = ["N102", "N107", "N108", "N109", "T208", "D401", "L701"];

/** `bind` gives what an input that is no tensor means. */
export function readIndex(scope: Scope, declaration: IndexDeclaration, bind: (input: Input) => Meaning): void {
  const problems: Problem[] = [];
  const context = { ...scope.context, problems };
  const positions = variable(atom("positions", "axis"));
  const rest: Axis = { label: "..", dim: variable(atom("..", "axis")) };
  const there = inner(scope, { context, rest: [rest], order: ["query", "key"], following: [declaration] });
  const tensor = (name: string, dtype: DType, axes: readonly Axis[], index?: Dim): Meaning => ({
    kind: "tensor",
    value: value(scope.builder, name, dtype, axes),
    index,
  });
  const position = (name: string, label: string): Meaning =>
    tensor(name, "i32", [{ label, dim: positions }], positionAtom(name, positions));
  there.names.set("q", position("q", "query"));
  there.names.set("k", position("k", "key"));
  if (declaration.keyword === "score") there.names.set("s", tensor("s", "f32", []));
  there.names.set("head", tensor("head", "i32", [], dataEntry("head")));
  for (const input of declaration.inputs) {
    const { name, type } = input;
    const dtype = type.name.name;
    const isTensor = isDType(dtype) && (dtype !== "bool" || type.axes !== undefined);
    const axes = type.axes?.map((axis): Axis => ({ label: labelOf(axis), dim: positions })) ?? [rest];
    there.names.set(name.name, isTensor ? tensor(name.name, dtype, axes) : bind(input));
  }
  const meaning = evaluate(there, declaration.value);
  if (meaning.kind !== "bool" || declaration.keyword === "score")
    asResult({ ...there, order: undefined }, declaration.keyword, meaning, declaration.value);
  scope.context.problems.push(...problems.filter(({ code }) => certain.some((each) => each === code)));
}

/** Only their labels say which axes of a table are meant: `keep: bool[.., n]`. */
function labelOf(axis: NonNullable<Input["type"]["axes"]>[number]): string {
  if (axis.kind === "rest") return "..";
  return axis.label?.name ?? (axis.dim.kind === "name" ? axis.dim.name : "");
}
