/** `conv[h, w](x, weight, stride: 2, padding: 1, groups: 1)`. */
import type { Axis, Value } from "../../ir/graph.js";
import {
  add,
  compare,
  constant,
  divides,
  floorDivide,
  multiply,
  one,
  subtract,
  zero,
  type Dim,
} from "../../shapes/index.js";
import { emit, value } from "../builder.js";
import { equalDims, hasNumber } from "../decide.js";
import { unknown } from "../meaning.js";
import { describe } from "../numbers.js";
import { mark, report } from "../scope.js";
import { axisIndex } from "../subscript.js";
import { printType } from "../types.js";
import { tensorsOf, type PrimitiveCall, type Rule } from "./call.js";
import { needReal } from "./dtypes.js";
import { need } from "./need.js";
import { mayMix } from "./outer-axes.js";

export const callConv: Rule = (call) => {
  const { scope, axes, operands, span } = call;
  const [operand, weight] = tensorsOf(call) ?? [];
  if (!operand || !weight || !needReal(call, operand, 0) || !needReal(call, weight, 1)) return unknown;
  const parts = partsOf(call, operand, weight);
  const [stride, padding, groups] = [
    settingOf(call, "stride", one, one),
    settingOf(call, "padding", zero, zero),
    settingOf(call, "groups", one, one),
  ];
  if (!parts || !stride || !padding || !groups) return unknown;
  const { made, taken, kernel, channels } = parts;
  if (equalDims(scope.context, channels.dim, multiply(taken.dim, groups)) !== "yes") {
    report(
      scope,
      "T202",
      { what: `conv of ${printType(operand.type)} with ${printType(weight.type)}` },
      operands[0]?.span ?? span,
      {
        label: printType(operand.type),
        secondary: [mark(scope, operands[1]?.span ?? span, printType(weight.type))],
      },
    );
    return unknown;
  }
  if (groups !== one && !need(scope, divides(groups, made.dim), "conv", call.named.get("groups")?.span ?? span))
    return unknown;
  const moved: Axis[] = [];
  for (const [n, { dim }] of kernel.entries()) {
    const length = operand.type.axes[operand.type.axes.length - kernel.length + n]?.dim ?? zero;
    const padded = add(length, multiply(constant(2), padding));
    if (!need(scope, compare("<=", dim, padded), "conv", axes[n]?.span ?? span)) return unknown;
    moved.push({ label: axes[n]?.name ?? "", dim: add(floorDivide(subtract(padded, dim), stride), one) });
  }
  const front = operand.type.axes.slice(0, -kernel.length - 1);
  const label = front.some((axis) => axis.label === made.label) ? "" : made.label;
  const out = value(scope.builder, "convolved", "f32", [...front, { ...made, label }, ...moved]);
  return { kind: "tensor", value: emit(scope.builder, { op: "conv", operand, weight, stride, padding, groups, out }) };
};

interface Parts {
  /** Of the weight: its output channels, its input channels, and its extent along each axis. */
  readonly made: Axis;
  readonly taken: Axis;
  readonly kernel: readonly Axis[];
  /** Of the operand. */
  readonly channels: Axis;
}

/** x [.., c, n..] and weight [o, c, k..] for the axes n in the brackets; reported where they are of another form. */
function partsOf({ scope, axes, operands, span }: PrimitiveCall, operand: Value, weight: Value): Parts | undefined {
  if (axes.length < 1 || axes.length > 2) {
    report(scope, "T208", { expected: "one or two axes: conv[h, w](x, weight)", found: String(axes.length) }, span);
    return undefined;
  }
  for (const axis of axes) if (axisIndex(scope, operand, axis) === undefined) return undefined;
  if (!mayMix(scope, "conv", axes, operand)) return undefined;
  const names = axes.map(({ name }) => name);
  const [made, taken, ...kernel] = weight.type.axes;
  if (!made || !taken || kernel.length !== names.length) {
    const expected = `a weight [out, in${names.map((name) => `, k_${name}`).join("")}]`;
    report(scope, "T208", { expected, found: printType(weight.type) }, operands[1]?.span ?? span);
    return undefined;
  }
  const last = operand.type.axes.slice(-names.length).map(({ label }) => label);
  const channels = operand.type.axes.at(-names.length - 1);
  if (!channels || last.join() !== names.join()) {
    const expected = `axes [.., channels, ${names.join(", ")}]`;
    report(scope, "T208", { expected, found: printType(operand.type) }, operands[0]?.span ?? span, {
      help: `bring them into that order with rearrange[.. -> .. ${names.join(" ")}]`,
    });
    return undefined;
  }
  return { made, taken, kernel, channels };
}

/** A named argument that is a size; `least` is what it must be at least. */
function settingOf({ scope, named }: PrimitiveCall, name: string, fallback: Dim, least: Dim): Dim | undefined {
  const given = named.get(name);
  if (!given) return fallback;
  if (given.meaning.kind === "unknown") return undefined;
  if (given.meaning.kind !== "int") {
    report(scope, "T208", { expected: `a whole number for ${name}`, found: describe(given.meaning.kind) }, given.span);
    return undefined;
  }
  const { dim } = given.meaning;
  if (scope.context.mode === "instance" && !hasNumber(scope.context, dim)) {
    report(scope, "T208", { expected: `a number for ${name}`, found: "a size that only a call knows" }, given.span);
    return undefined;
  }
  return need(scope, compare("<=", least, dim), "conv", given.span) ? dim : undefined;
}
