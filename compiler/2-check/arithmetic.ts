/** Operators: on sizes at compile time, on reals at compile time, and elementwise on tensors. */
import type { Binary, BinaryOperator, Expression, Unary } from "../../grammar/ast.js";
import { sourceLine } from "../1-resolve/source-of.js";
import type { MapName, Value } from "../ir/graph.js";
import {
  add,
  and,
  asConstant,
  compare,
  floorDivide,
  modulo,
  multiply,
  negate,
  not,
  one,
  or,
  power,
  subtract,
  type Condition,
  type Dim,
} from "../shapes/index.js";
import { broadcast } from "./broadcast.js";
import { emit, use, value } from "./builder.js";
import { constantOf, realSize, scalar } from "./scalars.js";
import { evaluate } from "./expressions.js";
import { equalDims, hasNumber, isNumber, numberOf } from "./decide.js";
import type { Demand } from "./demand.js";
import { describe, divideExactly } from "./numbers.js";
import { unknown, type IntMeaning, type Meaning, type TensorMeaning } from "./meaning.js";
import { factToAdd } from "./fact-to-add.js";
import { meet } from "./meet.js";
import { called, edit, replaced, sourceOf } from "./mend/mend.js";
import { compared } from "./mend/attention.js";
import { mark, report, type Scope } from "./scope.js";
import { entryOf, traced, tracedNot } from "./trace.js";
import { unknownTruth } from "./unknown-truth.js";
import { printType } from "./types.js";
import type { Span } from "../../grammar/ast.js";

const maps: Record<BinaryOperator, MapName> = {
  "|": "or", "&": "and", "==": "equal", "!=": "not-equal", "<": "less", "<=": "less-equal", ">": "less", ">=": "less-equal",
  "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "//": "floor-divide", "%": "modulo", "^": "power",
}; // prettier-ignore

const comparisons: ReadonlySet<BinaryOperator> = new Set(["==", "!=", "<", "<=", ">", ">="]);
const logical: ReadonlySet<BinaryOperator> = new Set(["|", "&"]);

export function applyUnary(scope: Scope, { operator, operand, span }: Unary): Meaning {
  const meaning = evaluate(scope, operand);
  switch (meaning.kind) {
    case "unknown":
      return unknown;
    case "int":
      if (operator === "-") return { kind: "int", dim: negate(meaning.dim), ...(meaning.literal && { literal: true }) };
      break;
    case "real":
      if (operator === "-") return { kind: "real", value: meaning.value === undefined ? undefined : -meaning.value };
      break;
    case "bool":
      if (operator === "!") return { kind: "bool", condition: not(meaning.condition) };
      break;
    case "tensor": {
      const isBool = meaning.value.type.dtype === "bool";
      if (isBool !== (operator === "!")) break;
      const result = map(scope, operator === "!" ? "not" : "negate", [use(scope.builder, meaning.value)], span);
      if (result.kind !== "tensor") return result;
      return { ...result, ...(isBool ? tracedNot(meaning) : { index: meaning.index && negate(meaning.index) }) };
    }
    default:
      break;
  }
  report(scope, "D401", { what: `\`${operator}\` does not apply to ${describe(meaning.kind)}` }, span);
  return unknown;
}

export function applyBinary(scope: Scope, expression: Binary): Meaning {
  return combine(
    scope,
    expression.operator,
    evaluate(scope, expression.left),
    evaluate(scope, expression.right),
    expression,
  );
}

const isOpen = (scope: Scope, meaning: Meaning): meaning is IntMeaning =>
  meaning.kind === "int" && scope.context.mode === "instance" && !hasNumber(scope.context, meaning.dim);

/** What an operator's operands are, for messages. */
export interface Operands {
  readonly left: Expression | { readonly span: Span };
  readonly right: Expression | { readonly span: Span };
  readonly span: Span;
  readonly operatorSpan: Span;
  /** How to speak of a mismatch: "residual" for `+=`. */
  readonly verb?: string;
}

/** `left operator right`, for operators and for `+=`, `*=`. */
export function combine(scope: Scope, operator: BinaryOperator, left: Meaning, right: Meaning, at: Operands): Meaning {
  if (left.kind === "unknown" || right.kind === "unknown") return unknown;
  if (left.kind === "int" && right.kind === "int") return onSizes(scope, operator, left, right, at);
  if (left.kind === "text" && right.kind === "text") return onTexts(scope, operator, left.value, right.value, at);
  if (left.kind === "bool" && right.kind === "bool") {
    if (operator === "&") return { kind: "bool", condition: and(left.condition, right.condition) };
    if (operator === "|") return { kind: "bool", condition: or(left.condition, right.condition) };
    const same = or(and(left.condition, right.condition), and(not(left.condition), not(right.condition)));
    if (operator === "==") return { kind: "bool", condition: same };
    if (operator === "!=") return { kind: "bool", condition: not(same) };
  }
  if ((left.kind === "real" || left.kind === "int") && (right.kind === "real" || right.kind === "int")) {
    // A size that only a call knows is no number yet: the arithmetic becomes part of the graph.
    const [a, b] = [left, right].map((side) => (isOpen(scope, side) ? realSize(scope, side) : side));
    if (a && b && (a !== left || b !== right)) return onTensors(scope, operator, a, b, at);
    return onReals(scope, operator, left, right, at);
  }
  if (left.kind === "tensor" || right.kind === "tensor") return onTensors(scope, operator, left, right, at);
  report(
    scope,
    "D401",
    { what: `\`${operator}\` does not apply to ${describe(left.kind)} and ${describe(right.kind)}` },
    at.span,
  );
  return unknown;
}

function onSizes(scope: Scope, operator: BinaryOperator, left: IntMeaning, right: IntMeaning, at: Operands): Meaning {
  const [a, b] = [left.dim, right.dim];
  const literal = left.literal === true && right.literal === true;
  const int = (dim: Dim): Meaning => ({ kind: "int", dim, ...(literal && { literal: true }) });
  const bool = (condition: Condition): Meaning => ({ kind: "bool", condition });
  switch (operator) {
    case "+":
      return int(add(a, b));
    case "-":
      return int(subtract(a, b));
    case "*":
      return int(multiply(a, b));
    case "/":
    case "//":
    case "%": {
      if (isNumber(scope.context, b, 0)) {
        report(scope, "T208", { expected: "a divisor that is not 0", found: "0" }, at.right.span);
        return unknown;
      }
      if (operator === "//") return int(floorDivide(a, b));
      if (operator === "%") return int(modulo(a, b));
      const parts = divideExactly(scope, a, b, at.span, sourceLine(scope.file, at.span));
      return parts ? int(parts) : unknown;
    }
    case "^": {
      const exponent = numberOf(scope.context, b);
      if (exponent !== undefined && exponent >= 0) return int(power(a, exponent));
      return onReals(scope, operator, left, right, at);
    }
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return bool(compare(operator, a, b));
    default:
      report(scope, "D401", { what: `\`${operator}\` needs truth values, these are sizes` }, at.span);
      return unknown;
  }
}

function onTexts(
  scope: Scope,
  operator: BinaryOperator,
  a: string | undefined,
  b: string | undefined,
  at: Operands,
): Meaning {
  if (operator !== "==" && operator !== "!=") {
    report(scope, "D401", { what: `\`${operator}\` does not apply to strings` }, at.span);
    return unknown;
  }
  if (a === undefined || b === undefined) return { kind: "bool", condition: unknownTruth() };
  return { kind: "bool", condition: { kind: "constant", value: (a === b) === (operator === "==") } };
}

function onReals(scope: Scope, operator: BinaryOperator, left: Meaning, right: Meaning, at: Operands): Meaning {
  const a = realOf(scope, left);
  const b = realOf(scope, right);
  if (comparisons.has(operator)) {
    if (a === undefined || b === undefined) return { kind: "bool", condition: unknownTruth() };
    return { kind: "bool", condition: { kind: "constant", value: compareNumbers(operator, a, b) } };
  }
  if (logical.has(operator)) {
    report(scope, "D401", { what: `\`${operator}\` needs truth values, these are numbers` }, at.span);
    return unknown;
  }
  if (a === undefined || b === undefined) return { kind: "real", value: undefined };
  return { kind: "real", value: onNumbers(operator, a, b) };
}

function realOf(scope: Scope, meaning: Meaning): number | undefined {
  return meaning.kind === "real"
    ? meaning.value
    : meaning.kind === "int"
      ? numberOf(scope.context, meaning.dim)
      : undefined;
}

function onNumbers(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return Math.floor(a / b);
    case "%":
      return a - b * Math.floor(a / b);
    default:
      return a ** b;
  }
}

function compareNumbers(operator: BinaryOperator, a: number, b: number): boolean {
  const results: Partial<Record<BinaryOperator, boolean>> = { "==": a === b, "!=": a !== b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b }; // prettier-ignore
  return results[operator] ?? false;
}

function onTensors(scope: Scope, operator: BinaryOperator, left: Meaning, right: Meaning, at: Operands): Meaning {
  if (logical.has(operator)) {
    const short = shortCircuit(operator, left, right) ?? shortCircuit(operator, right, left);
    if (short) return short;
  }
  const simple = simplify(scope, operator, left, right);
  if (simple) return simple;
  const peer = left.kind === "tensor" ? left : right.kind === "tensor" ? right : undefined;
  if (!peer) return unknown;
  const dtype = peer.value.type.dtype;
  const a = left.kind === "tensor" ? use(scope.builder, left.value) : scalar(scope, left, dtype, at.left.span);
  const b = right.kind === "tensor" ? use(scope.builder, right.value) : scalar(scope, right, dtype, at.right.span);
  if (!a || !b) return unknown;
  if (a.type.dtype !== b.type.dtype) {
    reportDTypes(scope, operator, [a, b], at);
    return unknown;
  }
  if ((operator === "//" || operator === "%") && right.kind === "int" && isNumber(scope.context, right.dim, 0)) {
    report(scope, "T208", { expected: "a divisor that is not 0", found: "0" }, at.right.span);
    return unknown;
  }
  if ((operator === "//" || operator === "%") && dtype === "i32" && !isDivisor(scope, operator, right, at.right.span))
    return unknown;
  const wants = logical.has(operator) ? "bool" : "number";
  if ((a.type.dtype === "bool") !== (wants === "bool") && operator !== "==" && operator !== "!=") {
    const mend =
      wants === "bool"
        ? { help: "compare it, for instance with != 0" }
        : {
            help: "convert them with real()",
            fixes: [at.left, at.right].flatMap(({ span }) => called(scope, span, "real").fixes ?? []),
          };
    report(scope, "D401", { what: `\`${operator}\` does not apply to ${a.type.dtype}` }, at.span, mend);
    return unknown;
  }
  if (operator === "/" && a.type.dtype === "i32") {
    const what = "`/` of i32 tensors is not exact: use // or convert with real()";
    report(scope, "D401", { what }, at.span, replaced(scope, at.operatorSpan, "//"));
    return unknown;
  }
  const swapped = operator === ">" || operator === ">=";
  const places = swapped ? { ...at, left: at.right, right: at.left } : at;
  const result = elementwise(scope, maps[operator], swapped ? [b, a] : [a, b], places);
  if (result.kind === "tensor" && dtype !== "f32") return { ...result, ...traced(scope, operator, left, right) };
  return result;
}

/** Whether whole numbers may be divided by it: no backend says what a division of them by 0 gives. */
function isDivisor(scope: Scope, operator: BinaryOperator, divisor: Meaning, span: Span): boolean {
  const entry = entryOf(divisor);
  if (!entry || (asConstant(entry) ?? 0) !== 0) return true;
  const demand: Demand = { kind: "fact", condition: compare("<=", one, entry), callee: `\`${operator}\`` };
  return meet(scope, demand, span, (wanting) => {
    const text = `max(1, ${sourceOf(scope, span)})`;
    const clipped = { help: `keep it above 0: \`${text}\``, fixes: [edit(scope, span, text)] };
    const mend = divisor.kind === "tensor" ? clipped : factToAdd(scope, wanting);
    report(scope, "T208", { expected: "a divisor that is at least 1", found: "one that may be less" }, span, mend);
  });
}

/** Operands of different dtypes: the one that is not f32 is to be converted. */
function reportDTypes(scope: Scope, operator: BinaryOperator, [a, b]: readonly [Value, Value], at: Operands): void {
  const what = `\`${operator}\` of ${a.type.dtype} and ${b.type.dtype}`;
  const [odd, other] = a.type.dtype === "f32" ? [b, a] : [a, b];
  const [place, otherPlace] = odd === a ? [at.left, at.right] : [at.right, at.left];
  const named = odd.type.dtype === "bool" && other.type.dtype === "i32" ? "int" : "real";
  if (logical.has(operator) && (a.type.dtype === "bool") !== (b.type.dtype === "bool")) {
    const [number, truth] = a.type.dtype === "bool" ? [at.right, at.left] : [at.left, at.right];
    const [found, wanted] = a.type.dtype === "bool" ? [b, a] : [a, b];
    return report(scope, "D401", { what }, number.span, {
      label: printType(found.type),
      secondary: [mark(scope, truth.span, printType(wanted.type))],
      ...compared(scope, number),
    });
  }
  if (other.type.dtype === "bool" || place.span === at.span)
    return report(scope, "D401", { what: `${what}: convert one with real() or int()` }, at.span);
  report(scope, "D401", { what }, place.span, {
    label: printType(odd.type),
    secondary: [mark(scope, otherPlace.span, printType(other.type))],
    ...called(scope, place.span, named),
  });
}

/** 1 * x is x, 0 * x is 0, x + 0 is x, where the number is known at compile time: `smoothing: 0.0` costs nothing. */
function simplify(scope: Scope, operator: BinaryOperator, left: Meaning, right: Meaning): Meaning | undefined {
  const isReal = (meaning: Meaning, number: number): boolean => meaning.kind === "real" && meaning.value === number;
  const isInt = (meaning: Meaning, number: number): boolean =>
    meaning.kind === "int" && isNumber(scope.context, meaning.dim, number);
  const other = left.kind === "tensor" ? left : right;
  if (other.kind !== "tensor") return undefined;
  if (other.value.type.dtype === "i32" && operator === "*" && (isInt(left, 1) || isInt(right, 1))) return other;
  if (other.value.type.dtype !== "f32") return undefined;
  if (operator === "*" && (isReal(left, 0) || isReal(right, 0))) return zerosLike(scope, other);
  if (operator === "*" && (isReal(left, 1) || isReal(right, 1))) return other;
  if (operator === "+" && (isReal(left, 0) || isReal(right, 0))) return other;
  if (operator === "+" && addsNothing(scope, left, right)) return right;
  if (operator === "+" && addsNothing(scope, right, left)) return left;
  return undefined;
}

const zeros = new WeakSet<Value>();

function zerosLike(scope: Scope, { value: { name, type } }: TensorMeaning): TensorMeaning {
  const zero = constantOf(scope, 0, type.dtype);
  const out = type.axes.length === 0 ? zero : emit(scope.builder, { op: "expand", operand: zero, out: value(scope.builder, name, type.dtype, type.axes) }); // prettier-ignore
  zeros.add(out);
  return { kind: "tensor", value: out };
}

/** Zeros that do not make the other operand any larger. */
function addsNothing(scope: Scope, left: Meaning, right: Meaning): boolean {
  if (left.kind !== "tensor" || right.kind !== "tensor" || !zeros.has(left.value)) return false;
  const { axes } = right.value.type;
  return left.value.type.axes.every(({ label, dim }) => {
    const partner = label === "" ? undefined : axes.find((axis) => axis.label === label);
    return partner !== undefined && equalDims(scope.context, dim, partner.dim) === "yes";
  });
}

/** `true & x` is x, `false & x` is false; the other way round for `|`. */
function shortCircuit(operator: BinaryOperator, known: Meaning, other: Meaning): Meaning | undefined {
  if (known.kind !== "bool" || known.condition.kind !== "constant") return undefined;
  return known.condition.value === (operator === "&") ? other : known;
}

/** One elementwise node, its operands broadcast together. */
export function elementwise(scope: Scope, name: MapName, operands: readonly Value[], at: Operands): Meaning {
  const axes = broadcast(scope, operands, at);
  if (!axes) return unknown;
  const first = operands.find((operand) => operand.type.dtype !== "bool") ?? operands[0];
  const truth: readonly MapName[] = ["equal", "not-equal", "less", "less-equal", "and", "or", "not"];
  const dtype = truth.includes(name) ? "bool" : (first?.type.dtype ?? "f32");
  const out = value(scope.builder, nameOf(name), dtype, axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "map", name, operands, out }) };
}

/** As `elementwise`, where all operands are one tensor or scalars. */
export function map(scope: Scope, name: MapName, operands: readonly Value[], span: Span): Meaning {
  return elementwise(scope, name, operands, { left: { span }, right: { span }, span, operatorSpan: span });
}

const nameOf = (name: MapName): string =>
  ({ add: "sum", subtract: "difference", multiply: "product" })[name as string] ?? "t";
