/** One call of a primitive, as its rule sees it. */
import type { Span } from "../../../grammar/ast.js";
import type { Value } from "../../ir/graph.js";
import { use } from "../builder.js";
import type { AxisArgument, Meaning } from "../meaning.js";
import { describe } from "../numbers.js";
import { inserted, type Mend } from "../mend/mend.js";
import { report, type Scope } from "../scope.js";

export interface Operand {
  readonly meaning: Meaning;
  readonly span: Span;
}

export interface PrimitiveCall {
  readonly scope: Scope;
  readonly name: string;
  /** The brackets: `softmax[src]`, `roll[h: 1]`. */
  readonly axes: readonly AxisArgument[];
  /** As many as the primitive takes, none of them unknown. */
  readonly operands: readonly Operand[];
  readonly named: ReadonlyMap<string, Operand>;
  readonly span: Span;
}

export type Rule = (call: PrimitiveCall) => Meaning;

/** Operand `n` as a tensor; reported where it is none. */
export function tensorAt({ scope, name, operands, span }: PrimitiveCall, n = 0): Value | undefined {
  const operand = operands[n];
  if (operand?.meaning.kind === "tensor") return use(scope.builder, operand.meaning.value);
  report(
    scope,
    "T208",
    { expected: `a tensor for ${name}`, found: describe(operand?.meaning.kind ?? "") },
    operand?.span ?? span,
  );
  return undefined;
}

/** All operands as tensors, or undefined (reported) where one is none. */
export function tensorsOf(call: PrimitiveCall): readonly Value[] | undefined {
  const values = call.operands.map((_, n) => tensorAt(call, n)).filter((value) => value !== undefined);
  return values.length === call.operands.length ? values : undefined;
}

/** The one axis in the brackets; reported where there is another number of them. */
export function onlyAxis(call: PrimitiveCall): AxisArgument | undefined {
  const { scope, name, axes, span } = call;
  const [axis, more] = axes;
  if (axis && !more) return axis;
  const expected = `one axis: ${name}[axis](x)`;
  if (more) report(scope, "T208", { expected, found: String(axes.length) }, more.span);
  else report(scope, "T208", { expected, found: "none" }, { start: span.start, end: nameEnd(call) }, lastAxis(call));
  return undefined;
}

/** Where a call's name ends, for it stands first. */
const nameEnd = ({ scope, name, span }: PrimitiveCall): number =>
  scope.file.text.slice(span.start, span.start + name.length) === name ? span.start + name.length : span.end;

/** Most operations along an axis are along the last one. */
function lastAxis(call: PrimitiveCall): Partial<Mend> {
  const { scope, name, operands } = call;
  const [first] = operands;
  const axis = first?.meaning.kind === "tensor" ? first.meaning.value.type.axes.at(-1) : undefined;
  if (!axis?.label || scope.context.outer.has(axis.label)) return {};
  return { help: `write \`${name}[${axis.label}]\``, fixes: [inserted(scope, nameEnd(call), `[${axis.label}]`)] };
}
