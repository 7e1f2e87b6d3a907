/** What an `if` gives while its condition is open: at a definition, all that holds whichever branch a config takes. */
import type { Expression } from "../../grammar/ast.js";
import type { Value, ValueType } from "../ir/graph.js";
import {
  always,
  and,
  assume,
  dimKey,
  dimsOf,
  not,
  or,
  printCondition,
  type Condition,
  type Dim,
} from "../shapes/index.js";
import { value } from "./builder.js";
import { choose } from "./choice.js";
import { equalDims } from "./decide.js";
import { constantOf } from "./scalars.js";
import { unknown, type LambdaMeaning, type Meaning } from "./meaning.js";
import { describe } from "./numbers.js";
import { inner, noteAxes, report, type Scope } from "./scope.js";
import { sameShape } from "./same-shape.js";
import { selectTensor } from "./select.js";
import { printType } from "./types.js";

/** An `if` whose condition only a config or a loop's counter decides. */
export interface OpenIf {
  readonly condition: Condition;
  /** The condition as written. */
  readonly written: Expression;
  /** What both branches give a meaning to, for messages. */
  readonly name: string;
}

/** Reports and gives `unknown` where the branches have nothing in common. */
export function either(scope: Scope, open: OpenIf, then: Meaning, otherwise: Meaning): Meaning {
  if (then === otherwise) return then;
  if (then.kind === "unknown" || otherwise.kind === "unknown") return unknown;
  if (then.kind === "lambda" || otherwise.kind === "lambda") return eitherLambda(scope, open, then, otherwise);
  if (then.kind === "tensor" || otherwise.kind === "tensor") return eitherTensor(scope, open, then, otherwise);
  if (isNumber(then) && isNumber(otherwise) && (then.kind === "real" || otherwise.kind === "real"))
    return { kind: "real", value: undefined };
  if (then.kind === "int" && otherwise.kind === "int")
    return { kind: "int", dim: eitherDim(scope, open.condition, then.dim, otherwise.dim) };
  if (then.kind === "bool" && otherwise.kind === "bool") {
    const { condition } = open;
    return { kind: "bool", condition: or(and(condition, then.condition), and(not(condition), otherwise.condition)) };
  }
  if (then.kind !== otherwise.kind) return clash(scope, open, describe(then.kind), describe(otherwise.kind));
  switch (then.kind) {
    case "text":
      return { kind: "text", value: undefined };
    case "function":
      return { kind: "function", target: "any", axes: [], given: [], scope: undefined };
    case "block":
      return { kind: "block", name: undefined, settings: undefined, scope, at: undefined };
    default:
      return then; // A layer that either branch made: its address is what counts.
  }
}

/** A literal whole number stands for a real where the other is one. */
const isNumber = (meaning: Meaning): boolean =>
  meaning.kind === "real" || (meaning.kind === "int" && meaning.literal === true);

function clash(scope: Scope, { name, written }: OpenIf, first: string, second: string): Meaning {
  report(scope, "T202", { what: `${name} is ${first} in one branch and ${second} in the other` }, written.span);
  return unknown;
}

/** The same symbol for the same question. */
function eitherDim({ context }: Scope, condition: Condition, a: Dim, b: Dim): Dim {
  const key = `${printCondition(condition)} ${dimsOf(condition).map(dimKey).join()} ${dimKey(a)} ${dimKey(b)}`;
  const known = context.choices.get(key) ?? choose(condition, a, b);
  context.choices.set(key, known);
  return known;
}

function eitherTensor(scope: Scope, open: OpenIf, then: Meaning, otherwise: Meaning): Meaning {
  if (scope.order === undefined && then.kind === "tensor" && otherwise.kind === "tensor") {
    const [first, second] = [then.value.type, otherwise.value.type];
    // Where the condition makes the sizes of its own branch those of the other, the other's serve for both.
    if (sameWhere(scope, always, first, second) || sameWhere(scope, not(open.condition), first, second))
      return { ...then, index: undefined };
    if (sameWhere(scope, open.condition, first, second)) return { ...otherwise, index: undefined };
    if (sameNames(first, second))
      return { kind: "tensor", value: ofEitherSize(scope, open, then.value, second), index: undefined };
    return clash(scope, open, printType(first), printType(second));
  }
  // In a mask or score the branches may run over different axes: the result runs over all of them.
  return selectTensor(scope, constantOf(scope, true, "bool"), then, otherwise, open.written);
}

/** The same axes by name, whatever their sizes. */
const sameNames = (a: ValueType, b: ValueType): boolean =>
  a.dtype === b.dtype &&
  a.axes.length === b.axes.length &&
  a.axes.every(({ label }, n) => label !== "" && label === b.axes[n]?.label);

/** A stage that halves an image, for instance, where the config says whether there is such a stage. */
function ofEitherSize(scope: Scope, { condition }: OpenIf, { name, type }: Value, other: ValueType): Value {
  const axes = type.axes.map(({ label, dim }, n) => ({
    label,
    dim: eitherDim(scope, condition, dim, other.axes[n]?.dim ?? dim),
  }));
  noteAxes(scope, axes, (a, b) => equalDims(scope.context, a, b) === "yes");
  return value(scope.builder, name, type.dtype, axes);
}

function sameWhere(scope: Scope, condition: Condition, a: ValueType, b: ValueType): boolean {
  const { context } = scope;
  const { facts } = context;
  context.facts = assume(facts, condition);
  const same = sameShape(scope, a, b);
  context.facts = facts;
  return same;
}

/** A mask or score that chooses where it is read. */
function eitherLambda(scope: Scope, open: OpenIf, then: Meaning, otherwise: Meaning): Meaning {
  const lambda = [then, otherwise].find((meaning): meaning is LambdaMeaning => meaning.kind === "lambda");
  const other = [then, otherwise].find((meaning) => meaning.kind === "lambda" && meaning.of !== lambda?.of);
  if (!lambda || other) return clash(scope, open, "a mask", "a score");
  const { span } = open.written;
  const there = inner(scope, {});
  there.names.set("then", then).set("else", otherwise);
  const branch = (name: string): Expression => ({ kind: "name", name, span });
  return {
    kind: "lambda",
    of: lambda.of,
    expression: { kind: "conditional", condition: open.written, then: branch("then"), otherwise: branch("else"), span },
    scope: there,
  };
}
