/** `if` with bodies: the branch that is taken where that is known, else both, each with its condition as a fact. */
import type { Body, IfStatement } from "../../grammar/ast.js";
import type { WeightTree } from "../ir/graph.js";
import { and, assume, not } from "../shapes/index.js";
import { assigned } from "./assigned.js";
import { mayStayOpen, readCondition } from "./conditions.js";
import { either } from "./either.js";
import { unknown } from "./meaning.js";
import { inner, report, type Scope } from "./scope.js";

export function readIf(scope: Scope, statement: IfStatement, readStatements: (scope: Scope, body: Body) => void): void {
  const test = readCondition(scope, statement.condition);
  const otherwise = (where: Scope): void => {
    if (!statement.otherwise) return;
    if (statement.otherwise.kind === "if") readIf(where, statement.otherwise, readStatements);
    else readStatements(where, statement.otherwise);
  };
  if (test.kind === "decided") return test.value ? readStatements(scope, statement.then) : otherwise(scope);
  if (test.kind === "tensor") {
    report(
      scope,
      "T208",
      { expected: "a condition known at compile time", found: "a tensor" },
      statement.condition.span,
      { help: "use `if ... then ... else ...` or select(...)" },
    );
  }
  if (test.kind !== "open" || !mayStayOpen(scope, test.condition, statement.condition)) {
    const all: Body = { kind: "body", statements: [statement], span: statement.span };
    for (const name of assigned(all)) scope.names.set(name, unknown);
    return;
  }
  const { condition } = test;
  const { context } = scope;
  const { facts } = context;
  const branch = (taken: boolean): Scope => {
    const tree: WeightTree = { kind: "tree", entries: new Map(scope.tree.entries) };
    const there = inner(scope, { tree, outcome: { ...scope.outcome, returned: undefined, early: [] } });
    context.facts = assume(facts, taken ? condition : not(condition));
    if (taken) readStatements(there, statement.then);
    else otherwise(there);
    context.facts = facts;
    return there;
  };
  const [then, other] = [branch(true), branch(false)];
  // The branches are alternatives: what one declares does not clash with the other's, and either may be used later.
  for (const [name, entry] of [...other.tree.entries, ...then.tree.entries]) scope.tree.entries.set(name, entry);
  const returns = [then.outcome.returned, other.outcome.returned];
  const conditions = [condition, not(condition)] as const;
  for (const [n, branch_] of [then, other].entries()) {
    const own = conditions[n] ?? condition;
    for (const each of branch_.outcome.early)
      scope.outcome.early.push({ ...each, condition: and(own, each.condition) });
    const returned = returns[n];
    if (returned) scope.outcome.early.push({ condition: own, written: statement.condition, returned });
  }
  if (returns[0] && returns[1]) {
    scope.outcome.returned = returns[0];
    return;
  }
  // Where one branch has returned, what follows is read for the other alone.
  const going = returns[0] ? other : returns[1] ? then : undefined;
  if (going) {
    for (const [name, meaning] of going.names) scope.names.set(name, meaning);
    context.facts = assume(facts, returns[0] ? not(condition) : condition);
    return;
  }
  for (const [name, meaning] of then.names) {
    const elsewhere = other.names.get(name);
    if (!elsewhere) continue;
    if (meaning === elsewhere) scope.names.set(name, meaning);
    else scope.names.set(name, either(scope, { condition, written: statement.condition, name }, meaning, elsewhere));
  }
}
