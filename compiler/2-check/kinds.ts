/** What kind of thing each entry of a config is. */
import type { BlockDeclaration, Expression, Statement, TaskDeclaration } from "../../grammar/ast.js";
import { lookup, type Declared, type Program, type SourceFile } from "../1-resolve/program.js";

export type EntryKind = "int" | "real" | "bool" | "text" | "function" | "block";

type Owner = BlockDeclaration | TaskDeclaration;

const kindNames: ReadonlyMap<string, EntryKind> = new Map([
  ["int", "int"],
  ["real", "real"],
  ["bool", "bool"],
  ["string", "text"],
  ["fn", "function"],
  ["block", "block"],
]);

/** As `kindsOf`, which is asked for at each use of a block, once in one reading. */
export function kindsIn(
  { program, kinds }: { readonly program: Program; readonly kinds: Map<object, Map<string, EntryKind>> },
  file: SourceFile,
  owner: Owner,
): Map<string, EntryKind> {
  const known = kinds.get(owner) ?? kindsOf(program, file, owner);
  kinds.set(owner, known);
  return known;
}

/**
 * What kind each entry is: as declared, else as its default says, else as it is used (an entry that is only passed on is what
 * the callee takes), else a whole number.
 */
export function kindsOf(program: Program, file: SourceFile, owner: Owner): Map<string, EntryKind> {
  const kinds = writtenKinds(owner);
  for (const { name } of owner.parameters)
    if (!kinds.has(name.name)) kinds.set(name.name, usedAs(program, file, owner, name.name, new Map()) ?? "int");
  return kinds;
}

/** Kinds that the signature tells. */
function writtenKinds({ parameters }: Owner): Map<string, EntryKind> {
  const kinds = new Map<string, EntryKind>();
  for (const { name, type, fallback } of parameters) {
    if (type) kinds.set(name.name, kindNames.get(type.name.name) ?? "int");
    else if (isBlockName(name.name)) kinds.set(name.name, "block");
    else if (fallback) kinds.set(name.name, kindOfExpression(fallback, kinds));
  }
  return kinds;
}

/** Upper-case names own weights: only a block can have one. */
const isBlockName = (name: string): boolean => /^[A-Z]/.test(name);

/** The first use that tells. `asked` breaks circles: what is passed on to where it came from says nothing. */
function usedAs(
  program: Program,
  file: SourceFile,
  owner: Owner,
  entry: string,
  asked: Map<Owner, Set<string>>,
): EntryKind | undefined {
  const already = asked.get(owner) ?? new Set();
  if (already.has(entry)) return undefined;
  asked.set(owner, already.add(entry));
  for (const use of usesIn(owner).get(entry) ?? []) {
    const kind = "kind" in use ? use.kind : kindOfUse(program, file, use, asked);
    if (kind) return kind;
  }
  return undefined;
}

function kindOfUse(
  program: Program,
  file: SourceFile,
  use: PassedOn,
  asked: Map<Owner, Set<string>>,
): EntryKind | undefined {
  if (use.to === "call") {
    const target = lookup(program, file, use.name)?.declaration;
    const inputs = target?.kind === "function" || target?.kind === "index" ? target.inputs : [];
    const input = inputs.find(({ name }) => name.name === use.as);
    return input && kindNames.get(input.type.name.name);
  }
  const target = blockNamed(program, file, use.name);
  if (!target?.declaration.parameters.some(({ name }) => name.name === use.as)) return undefined;
  const written = writtenKinds(target.declaration).get(use.as);
  return written ?? usedAs(program, target.file, target.declaration, use.as, asked) ?? "int";
}

/** The block behind a name, through aliases. */
export function blockNamed(program: Program, file: SourceFile, name: string): Declared<BlockDeclaration> | undefined {
  let current = lookup(program, file, name);
  for (let steps = 0; current?.declaration.kind === "alias" && steps < 50; steps++)
    current = lookup(program, current.file, current.declaration.target.name);
  return current?.declaration.kind === "block" ? { declaration: current.declaration, file: current.file } : undefined;
}

/** A name given as it is to the entry `as` of a block, or to the input `as` of a function. */
interface PassedOn {
  readonly to: "block" | "call";
  readonly name: string;
  readonly as: string;
}

type Use = PassedOn | { readonly kind: EntryKind };

const known = new WeakMap<Owner, Map<string, Use[]>>();

/** For each name, how it is used, in order. */
function usesIn(owner: Owner): Map<string, Use[]> {
  const kept = known.get(owner);
  if (kept) return kept;
  const uses = new Map<string, Use[]>();
  collectUses(owner.body, uses);
  known.set(owner, uses);
  return uses;
}

function collectUses(node: unknown, uses: Map<string, Use[]>): void {
  if (Array.isArray(node)) return node.forEach((child) => collectUses(child, uses));
  if (!isNode(node)) return;
  const note = (value: Expression, use: Use): void => {
    if (value.kind !== "name") return;
    const all = uses.get(value.name);
    if (all) all.push(use);
    else uses.set(value.name, [use]);
  };
  switch (node.kind) {
    case "apply":
      for (const { name, value } of node.settings?.entries ?? [])
        note(value, { to: "block", name: node.block.name, as: name.name });
      break;
    case "call": {
      const { callee } = node;
      if (callee.kind !== "name") break;
      for (const { name, value } of node.arguments)
        if (name) note(value, { to: "call", name: callee.name, as: name.name });
      if (callee.name === "dropout") node.arguments.forEach(({ value }) => note(value, { kind: "real" }));
      break;
    }
    case "attend":
      for (const { name, value } of node.settings?.entries ?? [])
        if (name.name === "dropout" || name.name === "scale") note(value, { kind: "real" });
      break;
    case "if":
    case "conditional":
      note(node.condition, { kind: "bool" });
      break;
    case "pipe":
      for (const stage of node.stages) if (stage.kind === "name") note(stage, { kind: "function" });
      break;
    default:
      break;
  }
  for (const [key, child] of Object.entries(node)) if (key !== "span") collectUses(child, uses);
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
