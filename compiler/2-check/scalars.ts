/** Compile-time numbers where a tensor is due. Only literals adapt their type; all else is converted in the source. */
import type { Span, Type } from "../../grammar/ast.js";
import type { DType, Value } from "../ir/graph.js";
import { asConstant } from "../shapes/index.js";
import { emit, use, value } from "./builder.js";
import { called } from "./mend/mend.js";
import { describe } from "./numbers.js";
import { unknown, type IntMeaning, type Meaning, type TensorMeaning } from "./meaning.js";
import { report, type Scope } from "./scope.js";

/** `meaning` as a scalar of `dtype`; a tensor stays what it is. */
export function scalar(scope: Scope, meaning: Meaning, dtype: DType, span: Span): Value | undefined {
  switch (meaning.kind) {
    case "tensor":
      return use(scope.builder, meaning.value);
    case "unknown":
      return undefined;
    case "real":
      if (dtype === "f32") return constantOf(scope, meaning.value ?? 0, "f32");
      break;
    case "bool":
      if (dtype === "bool" && meaning.condition.kind === "constant")
        return constantOf(scope, meaning.condition.value, "bool");
      if (dtype === "bool" && scope.context.mode === "definition") return constantOf(scope, true, "bool");
      break;
    case "int": {
      const number = asConstant(meaning.dim);
      if (meaning.literal && number !== undefined && dtype !== "bool") return constantOf(scope, number, dtype);
      if (dtype === "i32") {
        return emit(scope.builder, {
          op: "size",
          size: meaning.dim,
          out: value(scope.builder, meaning.label ?? "size", "i32", []),
        });
      }
      break;
    }
    default:
      break;
  }
  const mend = meaning.kind === "int" && dtype === "f32" ? called(scope, span, "real") : {};
  report(scope, "D401", { what: `expected ${dtype}, this is ${describe(meaning.kind)}` }, span, mend);
  return undefined;
}

/** A literal where a tensor of any rank is due, `0 |> kind: Embedding{size: 1, d}`, is a tensor without axes. */
export function numberAsTensor(scope: Scope, meaning: Meaning, { name, axes }: Type, span: Span): Meaning {
  const takesAny = axes?.every(({ kind }) => kind === "rest") === true;
  const isLiteral = (meaning.kind === "int" && meaning.literal === true) || meaning.kind === "real";
  if (!takesAny || !isLiteral || (name.name !== "f32" && name.name !== "i32")) return meaning;
  const made = scalar(scope, meaning, name.name, span);
  return made ? { kind: "tensor", value: made, ...(meaning.kind === "int" && { index: meaning.dim }) } : unknown;
}

/** A size of the graph as an f32 scalar. */
export function realSize(scope: Scope, { dim, label }: IntMeaning): TensorMeaning {
  const size = emit(scope.builder, { op: "size", size: dim, out: value(scope.builder, label ?? "size", "i32", []) });
  const out = value(scope.builder, label ?? "size", "f32", []);
  return { kind: "tensor", value: emit(scope.builder, { op: "map", name: "to-real", operands: [size], out }) };
}

export function constantOf(scope: Scope, number: number | boolean, dtype: DType): Value {
  return emit(scope.builder, { op: "constant", value: number, out: value(scope.builder, "c", dtype, []) });
}
