/** The axis labels that a block or function writes itself: a caller's label of the same name steps aside inside it. */
import type { BlockDeclaration, FunctionDeclaration } from "../../grammar/ast.js";

const cache = new WeakMap<object, ReadonlySet<string>>();

export function ownLabels(declaration: BlockDeclaration | FunctionDeclaration): ReadonlySet<string> {
  const known = cache.get(declaration);
  if (known) return known;
  const labels = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    if ("kind" in node) {
      if (node.kind === "identifier" && "name" in node && typeof node.name === "string") labels.add(node.name);
      if (node.kind === "name") return;
    }
    for (const [key, child] of Object.entries(node)) if (key !== "span") visit(child);
  };
  visit(declaration);
  cache.set(declaration, labels);
  return labels;
}
