/** The trees that hold a place, from a declaration down. */
import type {
  Argument,
  Declaration,
  Expression,
  Identifier,
  Setting,
  Settings,
  Span,
  Stage,
  Statement,
  Type,
  WeightRule,
} from "../../grammar/ast.js";

/** What `kind` tells apart; of the tree's other parts only the span is of use. */
export type TreeNode =
  | Declaration
  | Statement
  | Expression
  | Stage
  | Identifier
  | Type
  | Argument
  | Setting
  | Settings
  | WeightRule
  | { readonly kind: "input" | "parameter" | "axis" | "pattern" | "merge" | "config-field"; readonly span: Span };

/** Outermost first. An offset at the end of a name belongs to it, as a cursor does. */
export function nodesAt(declaration: Declaration, offset: number): TreeNode[] {
  const found: TreeNode[] = [];
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) return part.forEach(visit);
    if (!isNode(part)) return;
    // A stack of a rule has no span of its own.
    if (part.span && (offset < part.span.start || part.span.end < offset)) return;
    if (part.kind !== undefined && part.span) found.push(part as TreeNode);
    for (const [key, child] of Object.entries(part)) if (key !== "span") visit(child);
  };
  visit(declaration);
  return found;
}

/** All trees below one, it included, in the order of the text. */
export function nodesIn(tree: TreeNode): TreeNode[] {
  const found: TreeNode[] = [];
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) return part.forEach(visit);
    if (!isNode(part)) return;
    if (part.kind !== undefined && part.span) found.push(part as TreeNode);
    for (const [key, child] of Object.entries(part)) if (key !== "span") visit(child);
  };
  visit(tree);
  return found;
}

const isNode = (part: unknown): part is { readonly kind?: string; readonly span?: Span } =>
  typeof part === "object" && part !== null;
