/** Calls of the operations that `.tfm` cannot express itself. */
import type { Argument, Identifier, Span } from "../../grammar/ast.js";
import type { ElementwisePrimitive, Primitive, ReducePrimitive } from "../ops/index.js";
import type { Value } from "../ir/graph.js";
import { add, constant } from "../shapes/index.js";
import { elementwise, type Operands } from "./arithmetic.js";
import { emit, use, value } from "./builder.js";
import { equalDims, numberOf } from "./decide.js";
import { evaluate } from "./expressions.js";
import { unknown, type Meaning } from "./meaning.js";
import { describe } from "./numbers.js";
import { realSize, scalar } from "./scalars.js";
import { report, noteAxes, type Scope } from "./scope.js";
import { selectTensor } from "./select.js";
import { axisIndex } from "./subscript.js";
import { printType } from "./types.js";

export interface ScopedArgument {
  readonly argument: Argument;
  readonly scope: Scope;
}

interface Operand {
  readonly meaning: Meaning;
  readonly span: Span;
}

export function callPrimitive(
  scope: Scope,
  primitive: Primitive,
  axes: readonly Identifier[],
  written: readonly ScopedArgument[],
  piped: Meaning | undefined,
  span: Span,
): Meaning {
  const operands: Operand[] = piped ? [{ meaning: piped, span }] : [];
  for (const { argument, scope: from } of written) {
    if (argument.name && !(primitive.name === "dropout" && argument.name.name === "p")) {
      report(scope, "N107", { name: argument.name.name, callee: primitive.name }, argument.name.span);
      return unknown;
    }
    operands.push({
      meaning: evaluate({ ...from, builder: scope.builder }, argument.value),
      span: argument.value.span,
    });
  }
  if (operands.some(({ meaning }) => meaning.kind === "unknown")) return unknown;
  const arity = arityOf(primitive);
  if (operands.length === arity - 1 && !piped && arity > 1 && written.length > 0 && primitive.name === "dropout") {
    return {
      kind: "function",
      target: primitive,
      axes,
      given: written.map(({ argument }) => argument),
      scope: written[0]?.scope,
    };
  }
  if (operands.length !== arity && !(arity === Infinity && operands.length > 0)) {
    report(
      scope,
      "T208",
      {
        expected: `${arity === Infinity ? "at least 1" : arity} argument${arity === 1 ? "" : "s"} for ${primitive.name}`,
        found: String(operands.length),
      },
      span,
    );
    return unknown;
  }
  switch (primitive.kind) {
    case "elementwise":
      return callElementwise(scope, primitive, operands, span);
    case "reduce":
      return callReduce(scope, primitive, axes, operands[0] as Operand, span);
    case "special":
      return callSpecial(scope, primitive.name, axes, operands, span);
  }
}

function arityOf(primitive: Primitive): number {
  if (primitive.kind === "elementwise") return primitive.arity;
  if (primitive.kind === "reduce") return 1;
  const arities: Partial<Record<string, number>> = { dot: 2, select: 3, dropout: 2, concat: Infinity, stack: Infinity };
  return arities[primitive.name] ?? 1;
}

function callElementwise(
  scope: Scope,
  primitive: ElementwisePrimitive,
  operands: readonly Operand[],
  span: Span,
): Meaning {
  const tensor = operands.find(({ meaning }) => meaning.kind === "tensor")?.meaning;
  if (tensor?.kind !== "tensor") return onNumbers(scope, primitive, operands, span);
  const dtype = tensor.value.type.dtype;
  if (dtype === "bool" || (primitive.operand === "f32" && dtype !== "f32")) {
    const wanted = primitive.operand === "f32" ? "f32" : "f32 or i32";
    report(scope, "D401", { what: `${primitive.name} needs ${wanted}, this is ${dtype}` }, span, {
      help: "convert it with real()",
    });
    return unknown;
  }
  const values = operands.map((operand) => scalar(scope, operand.meaning, dtype, operand.span));
  if (values.some((v) => !v)) return unknown;
  const at: Operands = {
    left: operands[0] as Operand,
    right: (operands[1] ?? operands[0]) as Operand,
    span,
    operatorSpan: span,
  };
  return elementwise(
    scope,
    primitive.map,
    values.filter((v) => v !== undefined),
    at,
  );
}

function onNumbers(scope: Scope, primitive: ElementwisePrimitive, operands: readonly Operand[], span: Span): Meaning {
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

function callReduce(
  scope: Scope,
  primitive: ReducePrimitive,
  axes: readonly Identifier[],
  { meaning, span: at }: Operand,
  span: Span,
): Meaning {
  const operand = tensorOperand(scope, primitive.name, meaning, at);
  if (!operand) return unknown;
  const { dtype } = operand.type;
  if (dtype === "bool" || (dtype === "i32" && primitive.reduce === "mean")) {
    report(scope, "D401", { what: `${primitive.name} of ${dtype} is no ${dtype}` }, at, {
      help: "convert it with real()",
    });
    return unknown;
  }
  const every = operand.type.axes.map(({ label }) => ({ name: label, span }));
  for (const axis of axes) if (axisIndex(scope, operand, axis) === undefined) return unknown;
  if (!allowReduction(scope, primitive.name, axes.length > 0 ? axes : every, operand)) return unknown;
  const names = (axes.length > 0 ? axes : every).map(({ name }) => name);
  const kept = axes.length > 0 ? operand.type.axes.filter(({ label }) => !names.includes(label)) : [];
  const out = value(scope.builder, primitive.name, operand.type.dtype, kept);
  return {
    kind: "tensor",
    value: emit(scope.builder, { op: "reduce", name: primitive.reduce, operand, axes: names, out }),
  };
}

/** Outer axes hold independent examples: a layer that mixes them is wrong; a loss may. */
function allowReduction(
  scope: Scope,
  operation: string,
  axes: readonly { name: string; span: Span }[],
  operand: Value,
): boolean {
  const outer = scope.inLoss ? undefined : axes.find(({ name }) => scope.context.outer.has(name));
  if (outer === undefined) return true;
  const other = operand.type.axes.filter(({ label }) => label !== "" && !scope.context.outer.has(label)).at(-1);
  report(scope, "T205", { operation, axis: outer.name }, outer.span, {
    label: "outer axis: layers may not reduce it",
    notes: [`the operand is ${printType(operand.type)}`],
    ...(other && { help: `did you mean ${operation}[${other.label}]?` }),
  });
  return false;
}

function tensorOperand(scope: Scope, name: string, meaning: Meaning, span: Span): Value | undefined {
  if (meaning.kind === "tensor") return use(scope.builder, meaning.value);
  report(scope, "T208", { expected: `a tensor for ${name}`, found: describe(meaning.kind) }, span);
  return undefined;
}

type SpecialName = Extract<Primitive, { kind: "special" }>["name"];

function callSpecial(
  scope: Scope,
  name: SpecialName,
  axes: readonly Identifier[],
  operands: readonly Operand[],
  span: Span,
): Meaning {
  const [first, second, third] = operands as [Operand, Operand | undefined, Operand | undefined];
  switch (name) {
    case "id":
    case "stop_gradient":
      return first.meaning;
    case "dropout":
      // Dropout acts in training only; a forward pass keeps every entry.
      return tensorOperand(scope, name, first.meaning, first.span) ? first.meaning : unknown;
    case "real":
    case "int":
      return convert(scope, name, first);
    case "select":
      return callSelect(scope, first, second as Operand, third as Operand, span);
    case "softmax":
    case "log_softmax":
      return callSoftmax(scope, name, axes, first, span);
    case "dot":
      return callDot(scope, axes, first, second as Operand);
    case "concat":
      return callConcat(scope, axes, operands, span);
    case "stack":
      return callStack(scope, axes, operands, span);
  }
}

function convert(scope: Scope, name: "real" | "int", { meaning, span }: Operand): Meaning {
  if (meaning.kind === "tensor") {
    const operand = use(scope.builder, meaning.value);
    const dtype = name === "real" ? "f32" : "i32";
    if (operand.type.dtype === dtype) return meaning;
    const out = value(scope.builder, operand.name, dtype, operand.type.axes);
    return {
      kind: "tensor",
      value: emit(scope.builder, { op: "map", name: name === "real" ? "to-real" : "to-int", operands: [operand], out }),
    };
  }
  if (
    meaning.kind === "int" &&
    name === "real" &&
    scope.context.mode === "instance" &&
    numberOf(scope.context, meaning.dim) === undefined
  ) {
    return realSize(scope, meaning);
  }
  if (meaning.kind === "int" && name === "real") return { kind: "real", value: numberOf(scope.context, meaning.dim) };
  if (meaning.kind === "real" && name === "real") return meaning;
  if (meaning.kind === "int") return meaning;
  report(scope, "T208", { expected: `a number for ${name}`, found: describe(meaning.kind) }, span);
  return unknown;
}

function callSelect(scope: Scope, condition: Operand, then: Operand, otherwise: Operand, span: Span): Meaning {
  if (condition.meaning.kind !== "tensor" || condition.meaning.value.type.dtype !== "bool") {
    report(
      scope,
      "D401",
      { what: `select needs a bool tensor first, this is ${describe(condition.meaning.kind)}` },
      condition.span,
    );
    return unknown;
  }
  return selectTensor(scope, use(scope.builder, condition.meaning.value), then.meaning, otherwise.meaning, { span });
}

function callSoftmax(
  scope: Scope,
  name: "softmax" | "log_softmax",
  axes: readonly Identifier[],
  { meaning, span: at }: Operand,
  span: Span,
): Meaning {
  const operand = tensorOperand(scope, name, meaning, at);
  const [axis] = axes;
  if (!operand) return unknown;
  if (axis === undefined || axes.length > 1) {
    report(scope, "T208", { expected: `one axis: ${name}[axis](x)`, found: String(axes.length) }, span);
    return unknown;
  }
  if (axisIndex(scope, operand, axis) === undefined || !allowReduction(scope, name, [axis], operand)) return unknown;
  const out = value(scope.builder, operand.name, "f32", operand.type.axes);
  return {
    kind: "tensor",
    value: emit(scope.builder, { op: "softmax", log: name === "log_softmax", operand, axis: axis.name, out }),
  };
}

function callDot(scope: Scope, axes: readonly Identifier[], first: Operand, second: Operand): Meaning {
  const left = tensorOperand(scope, "dot", first.meaning, first.span);
  const right = tensorOperand(scope, "dot", second.meaning, second.span);
  if (!left || !right || !allowReduction(scope, "dot", axes, left)) return unknown;
  const pairs: { left: number; right: number }[] = [];
  for (const axis of axes) {
    const { name } = axis;
    const a = axisIndex(scope, left, axis);
    const b = axisIndex(scope, right, axis);
    if (a === undefined || b === undefined) return unknown;
    const [dimA, dimB] = [left.type.axes[a]?.dim, right.type.axes[b]?.dim];
    if (!dimA || !dimB || equalDims(scope.context, dimA, dimB) !== "yes") {
      report(
        scope,
        "T202",
        { what: `dot over ${name} of ${printType(left.type)} and ${printType(right.type)}` },
        first.span,
        {
          label: printType(left.type),
          secondary: [{ file: scope.file.name, span: second.span, label: printType(right.type) }],
        },
      );
      return unknown;
    }
    pairs.push({ left: a, right: b });
  }
  const keptLeft = left.type.axes.filter((_, n) => !pairs.some((pair) => pair.left === n));
  const labels = new Set(keptLeft.map(({ label }) => label).filter((label) => label !== ""));
  const keptRight = right.type.axes.filter(
    ({ label }, n) => !pairs.some((pair) => pair.right === n) && !labels.has(label),
  );
  const out = value(scope.builder, "product", "f32", [...keptLeft, ...keptRight]);
  return { kind: "tensor", value: emit(scope.builder, { op: "contract", left, right, axes: pairs, out }) };
}

function callConcat(scope: Scope, axes: readonly Identifier[], operands: readonly Operand[], span: Span): Meaning {
  const values = operands
    .map(({ meaning, span: at }) => tensorOperand(scope, "concat", meaning, at))
    .filter((v) => v !== undefined);
  const [axis] = axes;
  const [first] = values;
  if (!first || values.length < operands.length || axis === undefined) return unknown;
  const at = axisIndex(scope, first, axis);
  if (at === undefined) return unknown;
  let dim = first.type.axes[at]?.dim;
  for (const other of values.slice(1)) {
    const fits =
      other.type.dtype === first.type.dtype &&
      other.type.axes.length === first.type.axes.length &&
      other.type.axes.every(
        (a, n) =>
          a.label === first.type.axes[n]?.label &&
          (n === at || equalDims(scope.context, a.dim, first.type.axes[n].dim) === "yes"),
      );
    if (!fits) {
      report(scope, "T202", { what: `concat of ${printType(first.type)} and ${printType(other.type)}` }, span);
      return unknown;
    }
    const size = other.type.axes[at]?.dim;
    if (dim && size) dim = add(dim, size);
  }
  const result = first.type.axes.map((a, n) => (n === at && dim ? { ...a, dim } : a));
  const out = value(scope.builder, "joined", first.type.dtype, result);
  return { kind: "tensor", value: emit(scope.builder, { op: "concat", operands: values, axis: at, out }) };
}

function callStack(scope: Scope, axes: readonly Identifier[], operands: readonly Operand[], span: Span): Meaning {
  const values = operands
    .map(({ meaning, span: at }) => tensorOperand(scope, "stack", meaning, at))
    .filter((v) => v !== undefined);
  const [axis] = axes;
  const [first] = values;
  if (!first || values.length < operands.length) return unknown;
  if (axis === undefined || first.type.axes.some(({ label }) => label === axis.name)) {
    report(scope, "T208", { expected: "a new axis: stack[axis](x, y)", found: axis?.name ?? "none" }, span);
    return unknown;
  }
  for (const other of values.slice(1)) {
    const fits =
      other.type.axes.length === first.type.axes.length &&
      other.type.axes.every(
        (a, n) =>
          a.label === first.type.axes[n]?.label && equalDims(scope.context, a.dim, first.type.axes[n].dim) === "yes",
      );
    if (fits && other.type.dtype === first.type.dtype) continue;
    report(scope, "T202", { what: `stack of ${printType(first.type)} and ${printType(other.type)}` }, span);
    return unknown;
  }
  const result = [...first.type.axes, { label: axis.name, dim: constant(values.length) }];
  noteAxes(scope, result, (a, b) => equalDims(scope.context, a, b) === "yes");
  const out = value(scope.builder, "stacked", first.type.dtype, result);
  return { kind: "tensor", value: emit(scope.builder, { op: "stack", operands: values, out }) };
}
