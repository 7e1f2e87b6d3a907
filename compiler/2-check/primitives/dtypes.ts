/** What kind of entries an operand must have. */
import type { Value } from "../../ir/graph.js";
import { converted } from "../mend/mend.js";
import { report } from "../scope.js";
import type { PrimitiveCall } from "./call.js";

/** Whether operand `n` is f32; reported where not. */
export function needReal({ scope, name, operands, span }: PrimitiveCall, operand: Value, n = 0): boolean {
  const { dtype } = operand.type;
  if (dtype === "f32") return true;
  const at = operands[n]?.span ?? span;
  report(scope, "D401", { what: `${name} needs f32, this is ${dtype}` }, at, converted(scope, at, "real"));
  return false;
}

/** Whether operand `n` holds numbers; reported where it holds truth values. */
export function needNumbers({ scope, name, operands, span }: PrimitiveCall, operand: Value, n = 0): boolean {
  if (operand.type.dtype !== "bool") return true;
  const at = operands[n]?.span ?? span;
  report(scope, "D401", { what: `${name} needs f32 or i32, this is bool` }, at, converted(scope, at, "int"));
  return false;
}
