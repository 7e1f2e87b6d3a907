/** Calls of the operations that `.tfm` cannot express itself. */
import type { Argument, Span } from "../../../grammar/ast.js";
import type { Primitive } from "../../ops/index.js";
import { evaluate } from "../expressions.js";
import { unknown, type AxisArgument, type Meaning } from "../meaning.js";
import { report, type Scope } from "../scope.js";
import type { Operand, PrimitiveCall } from "./call.js";
import { callElementwise } from "./elementwise.js";
import { callReduce } from "./reduce.js";
import { rules } from "./rules.js";

/** An argument, and the scope it was written in. */
export interface ScopedArgument {
  readonly argument: Argument;
  readonly scope: Scope;
}

export function callPrimitive(
  scope: Scope,
  primitive: Primitive,
  axes: readonly AxisArgument[],
  written: readonly ScopedArgument[],
  piped: Meaning | undefined,
  span: Span,
): Meaning {
  const operands: Operand[] = piped ? [{ meaning: piped, span }] : [];
  const named = new Map<string, Operand>();
  for (const { argument, scope: from } of written) {
    const { name: label, value } = argument;
    if (label && !(primitive.kind === "special" && primitive.named.includes(label.name))) {
      report(scope, "N107", { name: label.name, callee: primitive.name }, label.span);
      return unknown;
    }
    const operand = { meaning: evaluate({ ...from, builder: scope.builder }, value), span: value.span };
    if (label && primitive.name !== "dropout") named.set(label.name, operand);
    else operands.push(operand);
  }
  if ([...operands, ...named.values()].some(({ meaning }) => meaning.kind === "unknown")) return unknown;
  const stray = primitive.kind === "special" && primitive.amounts ? undefined : axes.find(({ amount }) => amount);
  if (stray) {
    report(scope, "T208", { expected: "an axis name", found: "an axis and a value" }, stray.span);
    return unknown;
  }
  const arity = arityOf(primitive);
  // `x |> dropout(p)` waits for x.
  if (primitive.name === "dropout" && operands.length === 1 && !piped) {
    return {
      kind: "function",
      target: primitive,
      axes,
      given: written.map(({ argument }) => argument),
      scope: written[0]?.scope,
    };
  }
  if (operands.length !== arity && !(arity === Infinity && operands.length > 0)) {
    const count = arity === Infinity ? "at least 1" : String(arity);
    const expected = `${count} argument${arity === 1 ? "" : "s"} for ${primitive.name}`;
    report(scope, "T208", { expected, found: String(operands.length) }, span);
    return unknown;
  }
  const call: PrimitiveCall = { scope, name: primitive.name, axes, operands, named, span };
  switch (primitive.kind) {
    case "elementwise":
      return callElementwise(call, primitive);
    case "reduce":
      return callReduce(call, primitive);
    case "special":
      return rules[primitive.name](call);
  }
}

function arityOf(primitive: Primitive): number {
  if (primitive.kind === "special") return primitive.arity;
  return primitive.kind === "elementwise" ? primitive.arity : 1;
}
