/** Which declarations a declaration is made of, as far as its text tells. */
import type { Declaration } from "../../grammar/ast.js";
import { lookup, tasksOf, type Program, type SourceFile } from "../1-resolve/program.js";

/** `wrong`, and all that use one of them, directly or through others. */
export function affectedBy(
  program: Program,
  wrong: ReadonlySet<Declaration>,
  usesOf: (file: string, declaration: Declaration) => readonly Declaration[],
): ReadonlySet<Declaration> {
  const affected = new Set(wrong);
  if (wrong.size === 0) return affected;
  const users = new Map<Declaration, Declaration[]>();
  for (const { name, all } of program.files.values()) {
    for (const user of all) {
      for (const used of usesOf(name, user)) {
        const known = users.get(used);
        if (known) known.push(user);
        else users.set(used, [user]);
      }
    }
  }
  const next = [...wrong];
  for (let declaration = next.pop(); declaration; declaration = next.pop()) {
    for (const user of users.get(declaration) ?? []) {
      if (affected.has(user)) continue;
      affected.add(user);
      next.push(user);
    }
  }
  return affected;
}

/** What a declaration mentions; a config mentions the tasks of its model too. */
export function usedBy(program: Program, file: SourceFile, declaration: Declaration): readonly Declaration[] {
  const used = namesIn(declaration).flatMap((name) => lookup(program, file, name)?.declaration ?? []);
  if (declaration.kind !== "config") return used;
  return [...used, ...tasksOf(program, declaration.model.name).map(({ task }) => task)];
}

const known = new WeakMap<Declaration, readonly string[]>();

/** Names that may be those of declarations, each once. */
function namesIn(declaration: Declaration): readonly string[] {
  const kept = known.get(declaration);
  if (kept) return kept;
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    if ("kind" in node && (node.kind === "name" || node.kind === "identifier") && "name" in node) {
      if (typeof node.name === "string") names.add(node.name);
      return;
    }
    for (const [key, child] of Object.entries(node)) if (key !== "span") visit(child);
  };
  visit(declaration);
  if ("name" in declaration) names.delete(declaration.name.name);
  known.set(declaration, [...names]);
  return [...names];
}
