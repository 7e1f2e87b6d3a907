/** `select(condition, a, b)` and `if` on a tensor: one of two, elementwise. */
import type { Value } from "../ir/graph.js";
import { elementwise, type Operands } from "./arithmetic.js";
import { unknown, type Meaning } from "./meaning.js";
import { scalar } from "./scalars.js";
import { report, type Scope } from "./scope.js";
import { tracedChoice } from "./trace.js";
import type { Span } from "../../grammar/ast.js";
import type { Condition } from "../shapes/index.js";

export function selectTensor(
  scope: Scope,
  condition: Value,
  then: Meaning,
  otherwise: Meaning,
  at: { span: Span },
  truth?: Condition,
): Meaning {
  if (then.kind === "unknown" || otherwise.kind === "unknown") return unknown;
  const peer = then.kind === "tensor" ? then : otherwise.kind === "tensor" ? otherwise : undefined;
  const reals = then.kind === "real" || otherwise.kind === "real";
  const bools = then.kind === "bool" && otherwise.kind === "bool";
  const dtype = peer?.value.type.dtype ?? (reals ? "f32" : bools ? "bool" : "i32");
  const a = scalar(scope, then, dtype, at.span);
  const b = scalar(scope, otherwise, dtype, at.span);
  if (!a || !b) return unknown;
  if (a.type.dtype !== b.type.dtype) {
    report(
      scope,
      "D401",
      { what: `both branches must have one dtype, these are ${a.type.dtype} and ${b.type.dtype}` },
      at.span,
    );
    return unknown;
  }
  const operands: Operands = { left: at, right: at, span: at.span, operatorSpan: at.span };
  const result = elementwise(scope, "select", [condition, a, b], operands);
  return result.kind === "tensor" ? { ...result, ...tracedChoice(truth, then, otherwise) } : result;
}
