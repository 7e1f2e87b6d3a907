/** `state mem: f32[batch, m: 16, d] = zeros` holds a tensor from one call to the next; `mem := x` says what the next call finds. */
import type { Expression, Identifier, WeightStatement } from "../../grammar/ast.js";
import type { ValueType, WeightTree } from "../ir/graph.js";
import { asConstant } from "../shapes/index.js";
import { emit, value } from "./builder.js";
import { evaluate } from "./expressions.js";
import { unknown, type Meaning } from "./meaning.js";
import { report, type Scope } from "./scope.js";
import { scalar } from "./scalars.js";
import { checkResult } from "./signature.js";
import { resolveType } from "./types.js";

/** The addresses that declare each cell of a tree: two unlabelled layers of one block would share theirs. */
const declarers = new WeakMap<WeightTree, Map<string, string>>();

/** In a call a cell has the value from before it, however often it is stored into. */
export function readCell(scope: Scope, statement: WeightStatement): Meaning {
  const name = statement.name.name;
  scope.context.readings.declared += 1;
  const declared = declarers.get(scope.tree) ?? new Map<string, string>();
  declarers.set(scope.tree, declared);
  const isTaken = scope.tree.entries.has(name) || (declared.get(name) ?? scope.address) !== scope.address;
  if (isTaken) {
    report(
      scope,
      "N111",
      { address: name, first: scope.tree.entries.has(name) ? "a weight" : "a cell" },
      statement.name.span,
      {
        help: "label the layers, each by a name of its own",
      },
    );
    return unknown;
  }
  declared.set(name, scope.address);
  if (statement.when) {
    report(scope, "T208", { expected: "a cell in every config", found: "`when`" }, statement.when.span);
    return unknown;
  }
  const type = resolveType(scope, statement.type);
  const initial = type && readInitial(scope, statement, type);
  if (!type || initial === undefined) return unknown;
  scope.outcome.cells.set(name, type);
  const out = value(scope.builder, name, type.dtype, type.axes);
  return { kind: "tensor", value: emit(scope.builder, { op: "state", path: [name], initial, out }) };
}

const words: ReadonlyMap<string, number> = new Map([
  ["zeros", 0],
  ["ones", 1],
]);

/** One number for all entries, of the cell's own dtype. */
function readInitial(scope: Scope, { initial }: WeightStatement, { dtype }: ValueType): number | boolean | undefined {
  const word = initial.kind === "name" ? words.get(initial.name) : undefined;
  if (word !== undefined) return dtype === "bool" ? word === 1 : word;
  const isPlain = ["number", "unary", "boolean"].includes(initial.kind);
  const meaning = isPlain ? evaluate(scope, initial) : undefined;
  if (meaning?.kind === "real" && dtype === "f32") return meaning.value;
  if (meaning?.kind === "bool" && dtype === "bool" && meaning.condition.kind === "constant")
    return meaning.condition.value;
  if (meaning?.kind === "int" && dtype !== "bool") return asConstant(meaning.dim);
  if (meaning?.kind !== "unknown") {
    const expected = `zeros, ones or ${dtype === "bool" ? "a truth value" : "a number"} for ${dtype}`;
    report(scope, "T208", { expected, found: "another initial value" }, initial.span);
  }
  return undefined;
}

export function storeCell(scope: Scope, { name, span }: Identifier, meaning: Meaning, written: Expression): void {
  const type = scope.outcome.cells.get(name);
  if (!type) {
    const known = scope.names.get(name);
    if (known?.kind === "unknown") return;
    if (!known) return report(scope, "N102", { name }, span, { label: "`:=` sets a cell, declared by `state`" });
    return report(scope, "T208", { expected: "a cell, declared by `state`", found: `the value ${name}` }, span, {
      help: `\`${name} = ...\` gives it a new value`,
    });
  }
  const stored = scalar(scope, meaning, type.dtype, written.span);
  if (!stored || !checkResult({ ...scope, owner: name }, type, stored, written.span, span)) return;
  scope.builder.nodes.push({ op: "store", path: [name], operand: stored });
}
