/** The strings that a definition compares an entry or an input with: those that mean something there. */
import type { Binary, BlockDeclaration, Expression, FunctionDeclaration } from "../../../grammar/ast.js";

export function textsComparedWith(owner: BlockDeclaration | FunctionDeclaration, name: string): string[] {
  const found = new Set<string>();
  const slots = owner.kind === "block" ? owner.parameters : owner.inputs;
  const fallback = slots.find((slot) => slot.name.name === name)?.fallback;
  if (fallback?.kind === "string") found.add(fallback.value);
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    if (isComparison(node)) {
      const sides = [node.left, node.right];
      const isMeant = sides.some((side) => side.kind === "name" && side.name === name);
      if (isMeant) sides.forEach((side) => side.kind === "string" && found.add(side.value));
    }
    for (const [key, child] of Object.entries(node)) if (key !== "span") visit(child);
  };
  visit(owner);
  return [...found];
}

function isComparison(node: object): node is Binary & { readonly left: Expression; readonly right: Expression } {
  return (
    "kind" in node && node.kind === "binary" && "operator" in node && (node.operator === "==" || node.operator === "!=")
  );
}
