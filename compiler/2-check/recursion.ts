/** Blocks cannot contain themselves, directly or through others: a model would have no end. */
import type { Identifier } from "../../grammar/ast.js";
import { lookup, type Program, type SourceFile } from "../1-resolve/program.js";
import { problem, type Problem } from "../diagnostics/problem.js";

export function checkRecursion(program: Program): Problem[] {
  const problems: Problem[] = [];
  const done = new Set<object>();
  const visit = (
    file: SourceFile,
    declaration: object & { readonly name: Identifier },
    path: readonly string[],
  ): void => {
    if (done.has(declaration)) return;
    for (const block of blocksIn(declaration)) {
      const found = lookup(program, file, block.name);
      if (!found || (found.declaration.kind !== "block" && found.declaration.kind !== "alias")) continue;
      const at = path.indexOf(found.declaration.name.name);
      if (at >= 0) {
        const notes = [[...path.slice(at), found.declaration.name.name].join(" > ")];
        problems.push(
          problem("N109", { name: found.declaration.name.name }, { file: file.name, span: block.span }, { notes }),
        );
      } else visit(found.file, found.declaration, [...path, found.declaration.name.name]);
    }
    done.add(declaration);
  };
  for (const file of program.files.values()) {
    for (const declaration of file.declarations.values()) {
      if (declaration.kind === "block" || declaration.kind === "alias")
        visit(file, declaration, [declaration.name.name]);
    }
  }
  return problems;
}

/** Every block that a declaration applies or is another name for. */
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
