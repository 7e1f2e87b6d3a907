/** Blocks cannot contain themselves, directly or through others: a model would have no end. Nor may they nest without bound. */
import type { Identifier } from "../../grammar/ast.js";
import { lookup, type Declared, type NamedDeclaration, type Program } from "../1-resolve/program.js";
import { problem, type Problem } from "../diagnostics/problem.js";
import { levelLimit, tooDeep } from "./effort.js";

/** A definition that is being looked at, with what it applies. */
interface Level {
  readonly declared: Declared;
  readonly uses: readonly Identifier[];
  /** How many of them have been followed. */
  followed: number;
  /** How many levels the deepest of them has. */
  below: number;
}

export interface Nesting {
  readonly problems: readonly Problem[];
  /** At least one of each circle of blocks that contain each other. */
  readonly recursive: ReadonlySet<NamedDeclaration>;
  /** How many levels of blocks are in each: those who are used come before those who use them. */
  readonly levels: ReadonlyMap<NamedDeclaration, number>;
}

/** Walks with a list of its own instead of calls: a chain of definitions may be longer than a stack. */
export function checkRecursion(program: Program): Nesting {
  const problems: Problem[] = [];
  const recursive = new Set<NamedDeclaration>();
  const levels = new Map<NamedDeclaration, number>();
  for (const file of program.files.values()) {
    for (const declaration of file.declarations.values()) {
      if (!levels.has(declaration)) walk(program, { declaration, file }, levels, recursive, problems);
    }
  }
  return { problems, recursive, levels };
}

function walk(
  program: Program,
  root: Declared,
  levels: Map<NamedDeclaration, number>,
  recursive: Set<NamedDeclaration>,
  problems: Problem[],
): void {
  const path: Level[] = [levelOf(root)];
  const open = new Set<NamedDeclaration>([root.declaration]);
  for (let level = path.at(-1); level; level = path.at(-1)) {
    const { declared } = level;
    const use = level.uses[level.followed++];
    if (!use) {
      const depth = level.below + 1;
      const { file, declaration } = declared;
      levels.set(declaration, depth);
      open.delete(declaration);
      path.pop();
      const above = path.at(-1);
      if (above) above.below = Math.max(above.below, depth);
      if (depth === levelLimit + 1)
        problems.push(problem("L701", { what: tooDeep }, { file: file.name, span: declaration.name.span }));
      continue;
    }
    const found = lookup(program, declared.file, use.name);
    if (found?.declaration.kind !== "block" && found?.declaration.kind !== "alias") continue;
    if (open.has(found.declaration)) {
      if (recursive.has(found.declaration)) continue;
      const at = path.findIndex((other) => other.declared.declaration === found.declaration);
      const names = path.slice(at).map((other) => other.declared.declaration.name.name);
      for (const { declared: each } of path.slice(at)) recursive.add(each.declaration);
      const { name } = found.declaration.name;
      const notes = [[...names, name].join(" > ")];
      problems.push(problem("N109", { name }, { file: declared.file.name, span: use.span }, { notes }));
      continue;
    }
    const known = levels.get(found.declaration);
    if (known !== undefined) level.below = Math.max(level.below, known);
    else {
      path.push(levelOf(found));
      open.add(found.declaration);
    }
  }
}

const levelOf = (declared: Declared): Level => ({
  declared,
  uses: blocksOf(declared.declaration),
  followed: 0,
  below: 0,
});

const known = new WeakMap<NamedDeclaration, readonly Identifier[]>();

/** Every block that a declaration applies or is another name for. */
function blocksOf(declaration: NamedDeclaration): readonly Identifier[] {
  const kept = known.get(declaration);
  if (kept) return kept;
  const found = declaration.kind === "block" || declaration.kind === "alias" ? blocksIn(declaration) : [];
  known.set(declaration, found);
  return found;
}

function blocksIn(node: unknown): Identifier[] {
  if (Array.isArray(node)) return node.flatMap(blocksIn);
  if (typeof node !== "object" || node === null) return [];
  const own =
    "kind" in node && node.kind === "apply" && "block" in node && isIdentifier(node.block) ? [node.block] : [];
  const target =
    "kind" in node && node.kind === "alias" && "target" in node && isIdentifier(node.target) ? [node.target] : [];
  return [
    ...own,
    ...target,
    ...Object.entries(node).flatMap(([key, child]) => (key === "span" ? [] : blocksIn(child))),
  ];
}

const isIdentifier = (node: unknown): node is Identifier =>
  typeof node === "object" && node !== null && "kind" in node && node.kind === "identifier";
