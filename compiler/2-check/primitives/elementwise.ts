/** Elementwise functions, of tensors and of numbers known at compile time. */
import type { ElementwisePrimitive } from "../../ops/index.js";
import { maximum, minimum, negate } from "../../shapes/index.js";
import { elementwise, type Operands } from "../arithmetic.js";
import { numberOf } from "../decide.js";
import { unknown, type Meaning } from "../meaning.js";
import { describe } from "../numbers.js";
import { scalar } from "../scalars.js";
import { converted } from "../mend/mend.js";
import { report } from "../scope.js";
import { entryOf } from "../trace.js";
import type { Operand, PrimitiveCall } from "./call.js";
import type { Dim } from "../../shapes/index.js";

export function callElementwise(call: PrimitiveCall, primitive: ElementwisePrimitive): Meaning {
  const { scope, operands, span } = call;
  const tensor = operands.find(({ meaning }) => meaning.kind === "tensor")?.meaning;
  if (tensor?.kind !== "tensor") return onNumbers(call, primitive);
  const dtype = tensor.value.type.dtype;
  if (dtype === "bool" || (primitive.operand === "f32" && dtype !== "f32")) {
    const wanted = primitive.operand === "f32" ? "f32" : "f32 or i32";
    const at = operands[0]?.span ?? span;
    report(
      scope,
      "D401",
      { what: `${primitive.name} needs ${wanted}, this is ${dtype}` },
      at,
      converted(scope, at, "real"),
    );
    return unknown;
  }
  const values = operands.map((operand) => scalar(scope, operand.meaning, dtype, operand.span));
  if (values.some((v) => !v)) return unknown;
  const odd = values.find((v) => v && v.type.dtype !== dtype);
  if (odd) {
    report(
      scope,
      "D401",
      { what: `${primitive.name} of ${dtype} and ${odd.type.dtype}: convert one with real() or int()` },
      span,
    );
    return unknown;
  }
  const at: Operands = {
    left: operands[0] as Operand,
    right: (operands[1] ?? operands[0]) as Operand,
    span,
    operatorSpan: span,
  };
  const result = elementwise(
    scope,
    primitive.map,
    values.filter((v) => v !== undefined),
    at,
  );
  return result.kind === "tensor" && dtype === "i32" ? { ...result, index: sizeOf(primitive, operands) } : result;
}

function onNumbers({ scope, operands, span }: PrimitiveCall, primitive: ElementwisePrimitive): Meaning {
  // A whole number stays one, since it may be a size.
  const size = operands.every(({ meaning }) => meaning.kind === "int") ? sizeOf(primitive, operands) : undefined;
  if (size) return { kind: "int", dim: size };
  const numbers = operands.map(({ meaning }) =>
    meaning.kind === "real" ? meaning.value : meaning.kind === "int" ? numberOf(scope.context, meaning.dim) : NaN,
  );
  if (numbers.some((n) => n !== undefined && Number.isNaN(n))) {
    report(
      scope,
      "T208",
      { expected: `a number for ${primitive.name}`, found: describe(operands[0]?.meaning.kind ?? "") },
      span,
    );
    return unknown;
  }
  const [a, b = 0] = numbers;
  return {
    kind: "real",
    value: a === undefined || numbers.includes(undefined) ? undefined : primitive.onNumbers(a, b),
  };
}

/** What each entry of the result is, where the operands' entries are known as sizes and positions. */
function sizeOf({ map }: ElementwisePrimitive, operands: readonly Operand[]): Dim | undefined {
  const [a, b] = operands.map(({ meaning }) => entryOf(meaning));
  if (map === "absolute") return a && maximum(a, negate(a));
  if (!a || !b) return undefined;
  return map === "minimum" ? minimum(a, b) : map === "maximum" ? maximum(a, b) : undefined;
}
