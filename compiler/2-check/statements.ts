/** Statements, in order: what each gives a name to, and what the body returns. */
import type {
  AssignStatement,
  Body,
  Expression,
  IfStatement,
  RepeatStatement,
  Statement,
  WeightStatement,
} from "../../grammar/ast.js";
import type { Value, ValueType, Weight, WeightTree } from "../ir/graph.js";
import { assume, atom, compare, constant, not, variable } from "../shapes/index.js";
import { combine } from "./arithmetic.js";
import { use, value } from "./builder.js";
import { readCondition } from "./conditions.js";
import { decide, equalDims } from "./decide.js";
import { evaluate } from "./expressions.js";
import { weightAt } from "./member.js";
import { unknown, type Meaning } from "./meaning.js";
import { evaluateDim } from "./numbers.js";
import { inner, mark, noteAxes, report, withNodes, type Scope } from "./scope.js";
import { scalar } from "./scalars.js";
import { printType, resolveType } from "./types.js";
import type { Node } from "../ir/graph.js";

/** Reads a body and gives what it returns; `unknown` where it returns nothing that has a meaning. */
export function readBody(scope: Scope, body: Body): Meaning {
  readStatements(scope, body);
  return scope.result.value ?? unknown;
}

function readStatements(scope: Scope, body: Body): void {
  for (const [n, statement] of body.statements.entries()) {
    const before = body.statements[n - 1];
    if (before?.kind === "return")
      return report(scope, "N112", {}, statement.span, { secondary: [mark(scope, before.span, "the body ends here")] });
    if (scope.result.value) return; // A branch that is taken has returned.
    readStatement(scope, statement);
  }
}

function readStatement(scope: Scope, statement: Statement): void {
  switch (statement.kind) {
    case "assign":
      return readAssign(scope, statement);
    case "weight":
      return readWeight(scope, statement);
    case "repeat":
      return readRepeat(scope, statement);
    case "if":
      return readIf(scope, statement);
    case "effect":
      if (statement.keyword === "loss") return readLoss(scope, statement.value);
      report(scope, "U901", { what: `\`${statement.keyword}\`` }, statement.span);
      return;
    case "return": {
      const [first, second] = statement.values;
      if (second) report(scope, "U901", { what: "returning more than one value" }, second.span);
      if (first) scope.result.value = evaluate(scope, first);
      return;
    }
  }
}

function readAssign(scope: Scope, { name, operator, value: written, span }: AssignStatement): void {
  const right = evaluate(scope, written);
  if (operator === "=") return bind(scope, name.name, right);
  if (operator === ":=") return report(scope, "U901", { what: "`state`" }, span);
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
    return bind(scope, name.name, unknown);
  }
  bind(scope, name.name, result);
}

/** A value takes the name it is given, which emitted code uses too. */
function bind(scope: Scope, name: string, meaning: Meaning): void {
  if (meaning.kind === "tensor") {
    noteAxes(scope, meaning.value.type.axes, (a, b) => equalDims(scope.context, a, b) === "yes");
    if (scope.builder.owned.has(meaning.value)) Object.assign(meaning.value, { name });
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
  if (statement.when) {
    const test = readCondition(scope, statement.when);
    if (test.kind === "decided" && !test.value) return undefined;
  }
  const known = scope.tree.entries.get(name);
  if (known?.kind === "weight") {
    if (declarers.get(known) === scope.address) return known.type;
    report(scope, "N111", { address: name, first: `a weight of ${known.block}` }, statement.name.span, {
      help: "label the layers, each by a name of its own",
    });
    return undefined;
  }
  const type = resolveType(scope, statement.type);
  if (!type) return undefined;
  if (type.dtype !== "f32") {
    report(scope, "D401", { what: `a weight is f32, this is ${type.dtype}` }, statement.type.span);
    return undefined;
  }
  const initial = readInitial(scope, statement);
  if (!initial) return undefined;
  const weight: Weight = { kind: "weight", type, initial, block: scope.owner };
  declarers.set(weight, scope.address);
  scope.tree.entries.set(name, weight);
  return type;
}

/** The address from which each weight was declared. */
const declarers = new WeakMap<Weight, string>();

function readWeight(scope: Scope, statement: WeightStatement): void {
  if (statement.keyword === "state") {
    report(scope, "U901", { what: "`state`" }, statement.span);
    return bind(scope, statement.name.name, unknown);
  }
  const type = declareWeight(scope, statement);
  if (type) bind(scope, statement.name.name, weightAt(scope, [statement.name.name], statement.name.name, type));
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

function readLoss(scope: Scope, written: Expression): void {
  const meaning = evaluate(inner(scope, { inLoss: true }), written);
  if (meaning.kind === "unknown") return;
  const loss = scalar(scope, meaning, "f32", written.span);
  if (!loss) return;
  if (loss.type.axes.length > 0 || loss.type.dtype !== "f32") {
    report(scope, "T202", { what: `a loss must be one number, this is ${printType(loss.type)}` }, written.span, {
      help: "take its mean(...)",
    });
    return;
  }
  scope.result.losses.push(loss);
}

/** Both branches of an undecided `if` are read, each with its condition as a fact. */
function readIf(scope: Scope, statement: IfStatement): void {
  const test = readCondition(scope, statement.condition);
  const otherwise = (where: Scope): void => {
    if (!statement.otherwise) return;
    if (statement.otherwise.kind === "if") readIf(where, statement.otherwise);
    else readStatements(where, statement.otherwise);
  };
  if (test.kind === "decided") return test.value ? readStatements(scope, statement.then) : otherwise(scope);
  if (test.kind === "unknown" || test.kind === "tensor")
    for (const name of assigned(statement.then)) scope.names.set(name, unknown);
  if (test.kind === "tensor") {
    report(
      scope,
      "T208",
      { expected: "a condition known at compile time", found: "a tensor" },
      statement.condition.span,
      { help: "use `if ... then ... else ...` or select(...)" },
    );
    return;
  }
  if (test.kind === "open" && scope.context.mode === "instance") {
    report(scope, "U901", { what: "an `if` on a loop counter" }, statement.condition.span);
    return;
  }
  const { context } = scope;
  const facts = context.facts;
  const branch = (fact: "then" | "otherwise"): Scope => {
    const tree: WeightTree = { kind: "tree", entries: new Map(scope.tree.entries) };
    const there = inner(scope, { tree, result: { value: undefined, losses: scope.result.losses } });
    if (test.kind === "open") context.facts = assume(facts, fact === "then" ? test.condition : not(test.condition));
    if (fact === "then") readStatements(there, statement.then);
    else otherwise(there);
    context.facts = facts;
    return there;
  };
  const [a, b] = [branch("then"), branch("otherwise")];
  // The branches are alternatives: what one declares does not clash with the other's, and either may be used later.
  for (const [name, entry] of [...b.tree.entries, ...a.tree.entries]) scope.tree.entries.set(name, entry);
  for (const [name, meaning] of a.names) {
    const other = b.names.get(name);
    if (!other) continue;
    if (meaning === other) continue;
    scope.names.set(name, meaning.kind === "unknown" ? other : meaning);
    if (
      meaning.kind === "tensor" &&
      other.kind === "tensor" &&
      !sameShape(scope, meaning.value.type, other.value.type)
    ) {
      const what = `${name} is ${printType(meaning.value.type)} in one branch and ${printType(other.value.type)} in the other`;
      report(scope, "T202", { what }, statement.span);
      scope.names.set(name, unknown);
    }
  }
}

function sameShape(scope: Scope, a: ValueType, b: ValueType): boolean {
  return (
    a.dtype === b.dtype &&
    a.axes.length === b.axes.length &&
    a.axes.every((axis, n) => equalDims(scope.context, axis.dim, b.axes[n]?.dim ?? constant(-1)) === "yes")
  );
}

/** `repeat i < n`: read once, with i a symbol in 0..n-1. What goes round must keep its type. */
function readRepeat(scope: Scope, statement: RepeatStatement): void {
  const count = evaluateDim(scope, statement.count);
  if (count === undefined) return;
  if (decide(scope.context, compare("<=", constant(0), count)) === "no") {
    report(scope, "T208", { expected: "a count of at least 0", found: "less" }, statement.count.span);
    return;
  }
  const index = atom(statement.index.name, "loop", { min: 0, below: count });
  const there = inner(scope, { loop: statement.index.name });
  there.names.set(statement.index.name, { kind: "int", dim: variable(index), label: statement.index.name });
  const names = [...assigned(statement.body)].filter((name) => scope.names.has(name));
  const round = names.flatMap((name) => {
    const meaning = scope.names.get(name);
    if (meaning?.kind !== "tensor") return [];
    const initial = use(scope.builder, meaning.value);
    const parameter = value(scope.builder, name, initial.type.dtype, initial.type.axes);
    there.names.set(name, { kind: "tensor", value: parameter });
    return [{ name, initial, parameter }];
  });
  const nodes: Node[] = [];
  withNodes(scope, nodes, () => readStatements(there, statement.body));
  const carried: { initial: Value; parameter: Value; next: Value; name: string }[] = [];
  for (const { name, initial, parameter } of round) {
    const after = there.names.get(name);
    if (after?.kind !== "tensor") {
      scope.names.set(name, unknown);
      continue;
    }
    const sameLabels = initial.type.axes.every(({ label }, n) => label === after.value.type.axes[n]?.label);
    if (!sameLabels || !sameShape(scope, initial.type, after.value.type)) {
      const what = `${name} goes in as ${printType(initial.type)} and comes out as ${printType(after.value.type)}`;
      report(scope, "T202", { what }, statement.span, {
        label: "each turn must keep its type",
      });
      scope.names.set(name, unknown);
      continue;
    }
    carried.push({ name, initial, parameter, next: use(scope.builder, after.value) });
  }
  const outs = carried.map(({ name, initial }) => value(scope.builder, name, initial.type.dtype, initial.type.axes));
  scope.builder.nodes.push({
    op: "repeat",
    index,
    count,
    carried: carried.map(({ initial, parameter, next }) => ({ initial, parameter, next })),
    body: nodes,
    outs,
  });
  carried.forEach(({ name }, n) => scope.names.set(name, { kind: "tensor", value: outs[n] as Value }));
  for (const [name, meaning] of there.names)
    if (meaning.kind === "label" && !scope.names.has(name)) scope.names.set(name, meaning);
}

function assigned(body: Body): Set<string> {
  const names = new Set<string>();
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === "assign") names.add(statement.name.name);
      else if (statement.kind === "repeat") visit(statement.body.statements);
      else if (statement.kind === "if") visitIf(statement);
    }
  };
  const visitIf = (statement: IfStatement): void => {
    visit(statement.then.statements);
    if (statement.otherwise?.kind === "if") visitIf(statement.otherwise);
    else if (statement.otherwise) visit(statement.otherwise.statements);
  };
  visit(body.statements);
  return names;
}
