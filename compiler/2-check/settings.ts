/** `{...}`: the entries of a block's config, given, defaulted, or (at a definition) symbols that can be anything. */
import type {
  BlockDeclaration,
  Expression,
  Parameter,
  Setting,
  Statement,
  TaskDeclaration,
} from "../../grammar/ast.js";
import { lookup, type Declared, type Program, type SourceFile } from "../1-resolve/program.js";
import { closest } from "../diagnostics/suggest.js";
import { atom, variable } from "../shapes/index.js";
import { evaluate } from "./expressions.js";
import { describe } from "./numbers.js";
import { unknown, type Meaning } from "./meaning.js";
import { report, type Scope } from "./scope.js";

export type EntryKind = "int" | "real" | "bool" | "text" | "function" | "block";

type Owner = BlockDeclaration | TaskDeclaration;

const kindNames: Record<string, EntryKind> = {
  int: "int",
  real: "real",
  bool: "bool",
  string: "text",
  fn: "function",
  block: "block",
};
const kindsOfOwners = new WeakMap<Owner, Map<string, EntryKind>>();

/**
 * What kind each entry is: as declared, else as its default says, else as it is used (an entry that is only passed on is what
 * the callee takes), else a whole number.
 */
export function kindsOf(program: Program, file: SourceFile, owner: Owner): Map<string, EntryKind> {
  const known = kindsOfOwners.get(owner);
  if (known) return known;
  const kinds = new Map<string, EntryKind>();
  kindsOfOwners.set(owner, kinds);
  for (const { name, type, fallback } of owner.parameters) {
    if (type) kinds.set(name.name, kindNames[type.name.name] ?? "int");
    else if (fallback) kinds.set(name.name, kindOfExpression(fallback, kinds));
  }
  const used = new Map<string, EntryKind>();
  collectUses(program, file, owner.body, used);
  for (const { name } of owner.parameters)
    if (!kinds.has(name.name)) kinds.set(name.name, used.get(name.name) ?? "int");
  return kinds;
}

/** For each name that is passed on as it is, the kind of what takes it. */
function collectUses(program: Program, file: SourceFile, node: unknown, used: Map<string, EntryKind>): void {
  if (Array.isArray(node)) return node.forEach((child) => collectUses(program, file, child, used));
  if (!isNode(node)) return;
  const note = (value: Expression, kind: EntryKind | undefined): void => {
    if (value.kind === "name" && kind && !used.has(value.name)) used.set(value.name, kind);
  };
  switch (node.kind) {
    case "apply": {
      const target = blockNamed(program, file, node.block.name);
      const kinds = target && kindsOf(program, target.file, target.declaration);
      for (const { name, value } of node.settings?.entries ?? []) note(value, kinds?.get(name.name));
      break;
    }
    case "call": {
      if (node.callee.kind !== "name") break;
      const target = lookup(program, file, node.callee.name)?.declaration;
      const inputs = target?.kind === "function" || target?.kind === "index" ? target.inputs : [];
      for (const { name, value } of node.arguments) {
        const input = inputs.find((i) => i.name.name === name?.name);
        if (input) note(value, kindNames[input.type.name.name]);
      }
      if (node.callee.name === "dropout") node.arguments.forEach(({ value }) => note(value, "real"));
      break;
    }
    case "if":
    case "conditional":
      note(node.condition, "bool");
      break;
    case "pipe":
      for (const stage of node.stages) if (stage.kind === "name") note(stage, "function");
      break;
    default:
      break;
  }
  for (const [key, child] of Object.entries(node)) if (key !== "span") collectUses(program, file, child, used);
}

/** The block behind a name, through aliases. */
function blockNamed(program: Program, file: SourceFile, name: string): Declared<BlockDeclaration> | undefined {
  let current = lookup(program, file, name);
  for (let steps = 0; current?.declaration.kind === "alias" && steps < 50; steps++)
    current = lookup(program, current.file, current.declaration.target.name);
  return current?.declaration.kind === "block" ? { declaration: current.declaration, file: current.file } : undefined;
}

const isNode = (node: unknown): node is Expression | Statement =>
  typeof node === "object" && node !== null && "kind" in node;

function kindOfExpression(expression: Expression, earlier: ReadonlyMap<string, EntryKind>): EntryKind {
  switch (expression.kind) {
    case "number":
      return expression.real ? "real" : "int";
    case "boolean":
      return "bool";
    case "string":
      return "text";
    case "name":
      return earlier.get(expression.name) ?? "int";
    case "unary":
      return expression.operator === "!" ? "bool" : kindOfExpression(expression.operand, earlier);
    case "binary": {
      if (["==", "!=", "<", "<=", ">", ">=", "&", "|"].includes(expression.operator)) return "bool";
      const negative = expression.right.kind === "unary" && expression.operator === "^";
      const sides = [expression.left, expression.right].map((side) => kindOfExpression(side, earlier));
      return negative || sides.includes("real") ? "real" : "int";
    }
    case "conditional":
      return kindOfExpression(expression.then, earlier);
    default:
      return "int";
  }
}

/** A config entry at a definition: any value of its kind. */
export function symbol(name: string, kind: EntryKind): Meaning {
  switch (kind) {
    case "int":
      return { kind: "int", dim: variable(atom(name, "config", { min: 1 })), label: name };
    case "real":
      return { kind: "real", value: undefined };
    case "bool":
      return { kind: "bool", condition: { kind: "flag", atom: atom(name, "config", { min: 0 }) } };
    case "text":
      return { kind: "text", value: undefined };
    case "function":
      return { kind: "function", target: "any", axes: [], given: [], scope: undefined };
    case "block":
      return unknown;
  }
}

/** Reports entries that the block does not have, with the nearest that it has. */
export function checkNames(
  scope: Scope,
  block: string,
  parameters: readonly Parameter[],
  settings: readonly Setting[],
): void {
  const names = parameters.map(({ name }) => name.name);
  for (const [n, { name }] of settings.entries()) {
    const first = settings.findIndex((other) => other.name.name === name.name);
    if (first < n) report(scope, "N104", { name: name.name }, name.span);
    if (names.includes(name.name)) continue;
    const near = closest(name.name, names);
    report(scope, "N101", { name: name.name, block }, name.span, {
      ...(near !== undefined && { label: `did you mean ${near}?` }),
      notes: [names.length > 0 ? `${block} has: ${names.join(", ")}` : `${block} has no config`],
    });
  }
}

/** The value given to an entry, as its kind; a literal whole number serves as a real. */
export function readSetting(
  scope: Scope,
  block: string,
  parameter: Parameter,
  kind: EntryKind,
  written: Expression,
): Meaning {
  return asKind(scope, block, parameter, kind, evaluate(scope, written), written);
}

export function asKind(
  scope: Scope,
  block: string,
  parameter: Parameter,
  kind: EntryKind,
  meaning: Meaning,
  at: Expression,
): Meaning {
  if (meaning.kind === "unknown" || meaning.kind === kind) return meaning;
  if (kind === "real" && meaning.kind === "int" && meaning.literal === true) {
    return {
      kind: "real",
      value: at.kind === "number" ? at.value : Number(scope.file.text.slice(at.span.start, at.span.end)),
    };
  }
  report(
    scope,
    "D401",
    { what: `${block}'s \`${parameter.name.name}\` is ${describe(kind)}, this is ${describe(meaning.kind)}` },
    at.span,
  );
  return unknown;
}
