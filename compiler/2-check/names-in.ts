/** The names that stand in an expression, in order. */
import type { Name } from "../../grammar/ast.js";

export function namesIn(node: unknown): Name[] {
  if (Array.isArray(node)) return node.flatMap(namesIn);
  if (typeof node !== "object" || node === null) return [];
  if (isName(node)) return [node];
  return Object.entries(node).flatMap(([key, child]) => (key === "span" ? [] : namesIn(child)));
}

const isName = (node: object): node is Name => "kind" in node && node.kind === "name";
