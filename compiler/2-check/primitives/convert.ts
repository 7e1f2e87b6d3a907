/** One value for another, entry by entry: `real(x)`, `int(x)`, `select(condition, a, b)`, and what passes its argument on. */
import { atom, constant, variable, type Dim } from "../../shapes/index.js";
import { emit, use, value } from "../builder.js";
import { numberOf } from "../decide.js";
import { unknown, type Meaning } from "../meaning.js";
import { describe } from "../numbers.js";
import { realSize } from "../scalars.js";
import { report } from "../scope.js";
import { selectTensor } from "../select.js";
import { tracedCount } from "../trace.js";
import { tensorAt, type Rule } from "./call.js";

const first: Rule = ({ operands }) => operands[0]?.meaning ?? unknown;

export const passOn: Rule = first;

/** Dropout acts in training only; a forward pass keeps every entry. */
export const callDropout: Rule = (call) => (tensorAt(call) ? first(call) : unknown);

export const callReal: Rule = (call) => {
  const { scope } = call;
  const meaning = first(call);
  if (meaning.kind === "tensor") return convertTensor(call, meaning, "f32");
  if (meaning.kind === "real") return meaning;
  if (meaning.kind !== "int") return refuse(call, meaning);
  const number = numberOf(scope.context, meaning.dim);
  return scope.context.mode === "instance" && number === undefined
    ? realSize(scope, meaning)
    : { kind: "real", value: number };
};

export const callInt: Rule = (call) => {
  const meaning = first(call);
  if (meaning.kind === "tensor") return convertTensor(call, meaning, "i32");
  if (meaning.kind === "real") return { kind: "int", dim: truncated(meaning.value) };
  return meaning.kind === "int" ? meaning : refuse(call, meaning);
};

/** Towards zero. What a definition does not know can be any number. */
const truncated = (value: number | undefined): Dim =>
  value !== undefined && Number.isSafeInteger(Math.trunc(value))
    ? constant(Math.trunc(value))
    : variable(atom("int", "config", { min: Number.MIN_SAFE_INTEGER }));

function convertTensor(
  { scope }: Parameters<Rule>[0],
  meaning: Extract<Meaning, { kind: "tensor" }>,
  dtype: "f32" | "i32",
): Meaning {
  const operand = use(scope.builder, meaning.value);
  if (operand.type.dtype === dtype) return meaning;
  const out = value(scope.builder, operand.name, dtype, operand.type.axes);
  const name = dtype === "f32" ? "to-real" : "to-int";
  const made = emit(scope.builder, { op: "map", name, operands: [operand], out });
  const counts = dtype === "i32" && operand.type.dtype === "bool";
  return { kind: "tensor", value: made, ...(counts && { index: tracedCount(meaning.truth) }) };
}

function refuse({ scope, name, operands, span }: Parameters<Rule>[0], meaning: Meaning): Meaning {
  report(scope, "T208", { expected: `a number for ${name}`, found: describe(meaning.kind) }, operands[0]?.span ?? span);
  return unknown;
}

export const callSelect: Rule = ({ scope, operands, span }) => {
  const [condition, then, otherwise] = operands;
  if (!condition || !then || !otherwise) return unknown;
  if (condition.meaning.kind !== "tensor" || condition.meaning.value.type.dtype !== "bool") {
    const what = `select needs a bool tensor first, this is ${describe(condition.meaning.kind)}`;
    report(scope, "D401", { what }, condition.span);
    return unknown;
  }
  const { value: test, truth } = condition.meaning;
  return selectTensor(scope, use(scope.builder, test), then.meaning, otherwise.meaning, { span }, truth);
};
