/** Statements, in order: what each gives a name to, and what the body returns. */
import type {
  AssignStatement,
  Body,
  EffectStatement,
  Expression,
  Identifier,
  Span,
  Statement,
  UnpackStatement,
  WeightStatement,
} from "../../grammar/ast.js";
import type { Edit } from "../diagnostics/edit.js";
import type { Mark } from "../diagnostics/problem.js";
import type { Value, ValueType, Weight } from "../ir/graph.js";
import { combine } from "./arithmetic.js";
import { readIf } from "./branches.js";
import { readCondition } from "./conditions.js";
import { equalDims } from "./decide.js";
import { declarerOf, noteDeclarer } from "./declared-weights.js";
import { either } from "./either.js";
import { evaluate } from "./expressions.js";
import { weightAt } from "./member.js";
import { unknown, type Meaning } from "./meaning.js";
import { meet } from "./meet.js";
import { readRepeat } from "./repeat.js";
import { readYield } from "./scan.js";
import { called, replaced } from "./mend/mend.js";
import { readCell, storeCell } from "./state.js";
import { inner, mark, noteAxes, report, type Scope } from "./scope.js";
import { scalar } from "./scalars.js";
import { noteShape } from "./shapes-of.js";
import { reportFixed } from "./report-fixed.js";
import { printType, resolveType } from "./types.js";
import { writtenInType } from "./written.js";

/** Reads a body and gives what it returns; nothing where it does not. */
export function readBody(scope: Scope, body: Body): readonly Meaning[] {
  readStatements(scope, body);
  const { returned, early } = scope.outcome;
  // Tensors are what the signature says, whichever branch they come from; of numbers a caller may only know that they are one of both.
  return (returned?.meanings ?? []).map((last, n) =>
    early.reduceRight((rest, { condition, written, returned: { meanings } }) => {
      const other = meanings[n];
      return rest.kind === "tensor" || !other
        ? rest
        : either(scope, { condition, written, name: "the result" }, other, rest);
    }, last),
  );
}

export function readStatements(scope: Scope, body: Body): void {
  for (const [n, statement] of body.statements.entries()) {
    const before = body.statements[n - 1];
    if (before?.kind === "return")
      return report(scope, "N112", {}, statement.span, { secondary: [mark(scope, before.span, "the body ends here")] });
    if (scope.outcome.returned) return; // A branch that is taken has returned.
    readStatement(scope, statement);
  }
}

function readStatement(scope: Scope, statement: Statement): void {
  switch (statement.kind) {
    case "assign":
      return readAssign(scope, statement);
    case "unpack":
      return readUnpack(scope, statement);
    case "weight":
      return readWeight(scope, statement);
    case "repeat":
      return readRepeat(scope, statement, readStatements);
    case "if":
      return readIf(scope, statement, readStatements);
    case "effect":
      if (statement.keyword === "loss" && !isInLoop(scope, "loss", statement.span)) return readLoss(scope, statement);
      if (statement.keyword === "yield") return readYield(scope, statement);
      if (statement.keyword === "aux") readAux(scope, statement);
      return;
    case "return": {
      if (isInLoop(scope, "return", statement.span)) return;
      const { values, span } = statement;
      scope.outcome.returned = { meanings: values.map((each) => evaluate(scope, each)), written: values, span };
      scope.outcome.returns.push(scope.outcome.returned);
      return;
    }
  }
}

/** Reported: what leaves the body, or happens once, cannot stand in one of many turns. */
function isInLoop(scope: Scope, keyword: string, span: Span): boolean {
  if (scope.loop === undefined && !scope.yields) return false;
  const found = `it in ${scope.yields ? "a `scan`" : `\`repeat ${scope.loop}\``}`;
  const help = scope.yields && keyword === "return" ? "each step gives its entry by `yield`" : undefined;
  report(scope, "T208", { expected: `\`${keyword}\` outside of loops`, found }, span, { help });
  return true;
}

function readAssign(scope: Scope, { name, operator, value: written, span }: AssignStatement): void {
  const right = evaluate(scope, written);
  if (operator === "=") return bind(scope, name, right);
  if (operator === ":=") return isInLoop(scope, ":=", span) ? undefined : storeCell(scope, name, right, written);
  const left = scope.names.get(name.name);
  if (!left) {
    report(scope, "N102", { name: name.name }, name.span, { label: `\`${operator}\` changes a value that must exist` });
    return;
  }
  const at = {
    left: name,
    right: written,
    span,
    operatorSpan: name.span,
    verb: operator === "+=" ? "residual" : "product",
  };
  const result = combine(scope, operator === "+=" ? "+" : "*", left, right, at);
  if (
    left.kind === "tensor" &&
    result.kind === "tensor" &&
    result.value.type.axes.length !== left.value.type.axes.length
  ) {
    const what = `\`${operator}\` would turn ${name.name} from ${printType(left.value.type)} into ${printType(result.value.type)}`;
    report(scope, "T202", { what }, span);
    return bind(scope, name, unknown);
  }
  bind(scope, name, result);
}

/** `h, c = ...`: each of several values under a name of its own. */
function readUnpack(scope: Scope, { names, value: written }: UnpackStatement): void {
  const meaning = evaluate(scope, written);
  const meanings = meaning.kind === "several" ? meaning.meanings : undefined;
  if (meaning.kind !== "unknown" && meanings?.length !== names.length) {
    const found = meanings ? `${meanings.length}` : "one";
    report(
      scope,
      "T202",
      { what: `this gives ${found} value${meanings ? "s" : ""}, ${names.length} are named` },
      written.span,
      {
        secondary: names.map(({ span }) => mark(scope, span)),
      },
    );
  }
  for (const [n, name] of names.entries()) bind(scope, name, meanings?.[n] ?? unknown);
}

/** A value takes the name it is given, which emitted code uses too. */
function bind(scope: Scope, { name, span }: Identifier, meaning: Meaning): void {
  noteShape(scope, "value", span, meaning);
  if (meaning.kind === "tensor") {
    noteAxes(scope, meaning.value.type.axes, (a, b) => equalDims(scope.context, a, b) === "yes");
    // `y = x` is another name for a value that keeps its own: an input is known by it outside.
    const isNamed = [...scope.names.values()].some((each) => each.kind === "tensor" && each.value === meaning.value);
    if (!isNamed && scope.builder.owned.has(meaning.value)) Object.assign(meaning.value, { name });
  }
  scope.names.set(name, meaning);
}

/** Puts a body's weights into the tree without reading the rest: what a signature alone does not tell of a callee. */
export function declareWeights(scope: Scope, body: Body): void {
  for (const statement of body.statements) {
    if (statement.kind === "weight" && statement.keyword === "param") declareWeight(scope, statement);
  }
}

function declareWeight(scope: Scope, statement: WeightStatement): ValueType | undefined {
  const name = statement.name.name;
  if (isLeftOut(scope, statement)) return undefined;
  scope.context.readings.declared += 1;
  const known = scope.tree.entries.get(name);
  if (known?.kind === "weight") {
    if (declarerOf(known) === scope.address) return known.type;
    report(scope, "N111", { address: name, first: `a weight of ${known.block}` }, statement.name.span, {
      help: "label the layers, each by a name of its own",
      fixes: scope.site ? [labelled(scope.site, scope.owner)] : [],
    });
    return undefined;
  }
  if (known) {
    report(scope, "N104", { name }, statement.name.span, {
      notes: ["a layer has this address"],
      help: "give the weight a name of its own",
    });
    return undefined;
  }
  const resolved = resolveType(scope, statement.type);
  if (!resolved) return undefined;
  if (resolved.dtype !== "f32") {
    const what = `a weight is f32, this is ${resolved.dtype}`;
    report(scope, "D401", { what }, statement.type.name.span, replaced(scope, statement.type.name.span, "f32"));
    return undefined;
  }
  const initial = readInitial(scope, statement);
  if (!initial) return undefined;
  const type: ValueType = { ...resolved, axes: writtenInType(scope, statement, resolved.axes) };
  const weight: Weight = { kind: "weight", type, initial, block: scope.owner };
  noteDeclarer(weight, scope.address);
  scope.tree.entries.set(name, weight);
  return type;
}

/** `linear_2: Linear{...}` for a layer without a label. */
const labelled = ({ file, span }: Mark, block: string): Edit => ({
  file,
  span: { start: span.start, end: span.start },
  text: `${block.toLowerCase()}_2: `,
});

function readWeight(scope: Scope, statement: WeightStatement): void {
  if (statement.keyword === "state") {
    const cell = isInLoop(scope, "state", statement.span) ? unknown : readCell(scope, statement);
    return bind(scope, statement.name, cell);
  }
  if (isLeftOut(scope, statement)) return;
  const type = declareWeight(scope, statement);
  // What is wrong with it has been said: its uses are not.
  if (!type) return bind(scope, statement.name, unknown);
  checkFixed(scope, statement, type);
  bind(scope, statement.name, weightAt(scope, [statement.name.name], statement.name.name, type));
}

/** `when` says that there is no such weight. */
function isLeftOut(scope: Scope, { when }: WeightStatement): boolean {
  const test = when && readCondition(scope, when);
  return test?.kind === "decided" && !test.value;
}

/** Weights are made once, for a config: what applies the block must not give them a size that only a call knows. */
function checkFixed(scope: Scope, { name, type: written }: WeightStatement, { axes }: ValueType): void {
  if (scope.context.mode === "instance") return;
  for (const { dim } of axes) {
    const fail = (): void => reportFixed(scope, name.name, dim, written.span);
    if (!meet(scope, { kind: "fixed", size: dim, address: name.name }, written.span, fail)) return;
  }
}

function readInitial(scope: Scope, { initial }: WeightStatement): Weight["initial"] | undefined {
  if (initial.kind === "name" && initial.name === "zeros") return { kind: "constant", value: 0 };
  if (initial.kind === "name" && initial.name === "ones") return { kind: "constant", value: 1 };
  if (initial.kind === "call" && initial.callee.kind === "name" && initial.callee.name === "normal") {
    const argument = initial.arguments[0] && evaluate(scope, initial.arguments[0].value);
    if (argument?.kind === "real") return { kind: "normal", deviation: argument.value ?? 0 };
  }
  const meaning = initial.kind === "number" || initial.kind === "unary" ? evaluate(scope, initial) : undefined;
  if (meaning?.kind === "real") return { kind: "constant", value: meaning.value ?? 0 };
  report(
    scope,
    "T208",
    { expected: "normal(deviation), zeros, ones or a real number", found: "another initial value" },
    initial.span,
  );
  return undefined;
}

function readLoss(scope: Scope, { value: written, span }: EffectStatement): void {
  const { losses } = scope.outcome;
  if (!losses) {
    const at = { start: span.start, end: span.start + "loss".length };
    const help = "say it in a task of the model; what a block adds to the loss of a task is `aux`";
    return report(scope, "T208", { expected: "`loss` in a task", found: `it in ${scope.owner}` }, at, { help });
  }
  const loss = readOneNumber(scope, written);
  if (loss) losses.push(loss);
}

/** Checked, and left out of what is compiled: no training comes of it yet. */
function readAux(scope: Scope, { value: written, span }: EffectStatement): void {
  const loss = readOneNumber(scope, written);
  if (loss && scope.context.mode === "definition") report(scope, "U902", { what: "`aux`" }, span);
}

function readOneNumber(scope: Scope, written: Expression): Value | undefined {
  const meaning = evaluate(inner(scope, { inLoss: true }), written);
  if (meaning.kind === "unknown") return undefined;
  const loss = scalar(scope, meaning, "f32", written.span);
  if (!loss) return undefined;
  if (loss.type.axes.length > 0 || loss.type.dtype !== "f32") {
    report(scope, "T202", { what: `a loss must be one number, this is ${printType(loss.type)}` }, written.span, {
      ...(loss.type.dtype === "f32" && called(scope, written.span, "mean")),
    });
    return undefined;
  }
  return loss;
}
