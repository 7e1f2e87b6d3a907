/**
 * `repeat i < n`. At a definition the body is read once, with i a symbol in 0..n-1. In an instance it is read so as well, and
 * becomes a loop; where a turn asks something that differs from turn to turn, the loop's body is as many turns as it takes for
 * them to recur, or, at last, every turn is written out with its own number.
 */
import type { Body, RepeatStatement } from "../../grammar/ast.js";
import type { Node, Value } from "../ir/graph.js";
import { add, atom, compare, constant, multiply, variable, type Dim } from "../shapes/index.js";
import { assigned } from "./assigned.js";
import { use, value } from "./builder.js";
import { decide, numberOf } from "./decide.js";
import { unknown, type Meaning } from "./meaning.js";
import { describe, evaluateDim } from "./numbers.js";
import { inner, report, withNodes, type Scope } from "./scope.js";
import { sameShape } from "./same-shape.js";
import { printType } from "./types.js";
import { treeKey } from "../ir/tree-key.js";
import { remember } from "./weight-tree.js";

type Read = (scope: Scope, body: Body) => void;

/** After so many turns a pattern of layers may recur: two kinds in turn, one in six, ... */
const longestPeriod = 12;

export function readRepeat(scope: Scope, statement: RepeatStatement, read: Read): void {
  const count = evaluateDim(scope, statement.count);
  if (count === undefined || !checkCarried(scope, statement)) return;
  if (decide(scope.context, compare("<=", constant(0), count)) === "no") {
    report(scope, "T208", { expected: "a count of at least 0", found: "less" }, statement.count.span);
    return;
  }
  if (scope.context.mode === "definition") return readLoop(scope, statement, read, { count, turns: count, period: 1 });
  const { problems, effort, readings } = scope.context;
  const before = problems.length;
  const { reported } = readings;
  const undo = remember(scope.tree);
  const attempt = (turns: Dim, period: number): boolean => {
    const trial = inner(scope, { outcome: { ...scope.outcome } });
    const nodes: Node[] = [];
    const { mostProblems } = effort;
    effort.mostProblems = before;
    withNodes(scope, nodes, () => readLoop(trial, statement, read, { count, turns, period }));
    effort.mostProblems = mostProblems;
    if (problems.length > before) return false;
    readings.reported = reported;
    scope.builder.nodes.push(...nodes);
    keepNames(scope, trial);
    return true;
  };
  if (attempt(count, 1)) return;
  const found = problems.splice(before);
  const number = numberOf(scope.context, count);
  undo();
  if (number === undefined) return void problems.push(...found);
  const { turns } = scope.context;
  for (let period = 2; period <= Math.min(longestPeriod, number / 2) && period <= turns.left; period++) {
    if (number % period !== 0) continue;
    turns.left -= period;
    if (attempt(constant(number / period), period)) return;
    problems.length = before;
    undo();
  }
  readings.reported = reported;
  writeOut(scope, statement, read, { count, number });
}

/** Only tensors go round: a number, a function or a mask that a turn changes would be another in each turn. */
function checkCarried(scope: Scope, statement: RepeatStatement): boolean {
  for (const name of assigned(statement.body)) {
    const meaning = scope.names.get(name);
    if (!meaning || meaning.kind === "tensor" || meaning.kind === "unknown") continue;
    const what = `each turn would change ${name}, which is ${describe(meaning.kind)}: only tensors go round`;
    report(scope, "T202", { what }, statement.span);
    return false;
  }
  return true;
}

interface Turns {
  /** How many turns the source asks for. */
  readonly count: Dim;
  /** How many turns the loop of the graph has, each `period` of the source's. */
  readonly turns: Dim;
  readonly period: number;
}

function readLoop(scope: Scope, statement: RepeatStatement, read: Read, { count, turns, period }: Turns): void {
  const name = statement.index.name;
  const index = atom(name, "loop", { min: 0, below: turns });
  const there = inner(scope, { loop: name });
  const carried = [...assigned(statement.body)].flatMap((each) => {
    const meaning = scope.names.get(each);
    if (meaning?.kind !== "tensor") return [];
    const initial = use(scope.builder, meaning.value);
    const parameter = value(scope.builder, each, initial.type.dtype, initial.type.axes);
    there.names.set(each, { kind: "tensor", value: parameter });
    return [{ name: each, initial, parameter }];
  });
  const body: Node[] = [];
  withNodes(scope, body, () => readTurns(there, statement, read, { count, index: variable(index), period }));
  const round = carried.flatMap(({ name: each, initial, parameter }) => {
    const after = there.names.get(each);
    const next = after && keepsType(scope, statement, each, initial, after);
    if (!next) scope.names.set(each, unknown);
    return next ? [{ name: each, initial, parameter, next }] : [];
  });
  const outs = round.map(({ name: each, initial }) =>
    value(scope.builder, each, initial.type.dtype, initial.type.axes),
  );
  scope.builder.nodes.push({
    op: "repeat",
    index,
    count: turns,
    carried: round.map(({ initial, parameter, next }) => ({ initial, parameter, next })),
    body,
    outs,
  });
  outs.forEach((out, n) => scope.names.set(round[n]?.name ?? "", { kind: "tensor", value: out }));
  keepLabels(scope, there);
}

/** The turns `period * index`, `period * index + 1`, ..., which must declare the same weights. */
function readTurns(
  scope: Scope,
  statement: RepeatStatement,
  read: Read,
  { count, index, period }: { count: Dim; index: Dim; period: number },
): void {
  const undo = period > 1 ? remember(scope.tree) : undefined;
  let declared: string | undefined;
  for (let turn = 0; turn < period; turn++) {
    if (turn > 0) undo?.();
    const dim = add(multiply(constant(period), index), constant(turn));
    scope.names.set(statement.index.name, { kind: "int", dim, label: statement.index.name, below: count });
    const before = scope.context.problems.length;
    read(scope, statement.body);
    if (period === 1 || scope.context.problems.length > before) return;
    const key = treeKey(scope.tree);
    declared ??= key;
    if (key !== declared) report(scope, "T202", { what: "the layers differ from turn to turn" }, statement.span);
  }
}

/** What goes round must come out as it went in. */
function keepsType(
  scope: Scope,
  statement: RepeatStatement,
  name: string,
  initial: Value,
  after: Meaning,
): Value | undefined {
  if (after.kind === "unknown") return undefined;
  const found = after.kind === "tensor" ? printType(after.value.type) : describe(after.kind);
  if (after.kind === "tensor") {
    const sameLabels = initial.type.axes.every(({ label }, n) => label === after.value.type.axes[n]?.label);
    if (sameLabels && sameShape(scope, initial.type, after.value.type)) return use(scope.builder, after.value);
  }
  const what = `${name} goes in as ${printType(initial.type)} and comes out as ${found}`;
  report(scope, "T202", { what }, statement.span, { label: "each turn must keep its type" });
  return undefined;
}

/** Every turn by itself, its counter a number. Stops at the first that goes wrong. */
function writeOut(
  scope: Scope,
  statement: RepeatStatement,
  read: Read,
  { count, number }: { count: Dim; number: number },
): void {
  const { turns, problems } = scope.context;
  // Of too many turns the first alone is read: what is wrong in each is said rather than that they are many.
  const isTooMany = number > turns.left;
  const last = isTooMany ? Math.min(1, number) : number;
  if (!isTooMany) turns.left -= number;
  const before = problems.length;
  for (let turn = 0; turn < last && problems.length === before; turn++) {
    const there = inner(scope, { loop: statement.index.name });
    there.names.set(statement.index.name, {
      kind: "int",
      dim: constant(turn),
      label: statement.index.name,
      below: count,
    });
    read(there, statement.body);
    keepNames(scope, there);
  }
  if (isTooMany && problems.length === before)
    report(scope, "T213", { turns: number, index: statement.index.name }, statement.count.span);
}

/** Values that the body changed, and the layers it made; what it named for itself alone ends with it. */
function keepNames(scope: Scope, there: Scope): void {
  for (const [name, meaning] of there.names) if (scope.names.has(name)) scope.names.set(name, meaning);
  keepLabels(scope, there);
}

function keepLabels(scope: Scope, there: Scope): void {
  for (const [name, meaning] of there.names)
    if (meaning.kind === "label" && !scope.names.has(name)) scope.names.set(name, meaning);
}
