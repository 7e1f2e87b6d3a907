import type { Span } from "../../../grammar/ast.js";
import { lookup } from "../../1-resolve/program.js";
import { primitives } from "../../ops/index.js";
import type { TreeNode } from "../nodes-at.js";
import { freeName } from "./free-name.js";
import type { Selected } from "./place.js";
import type { Refactored } from "./refactoring.js";

/** A selected operand becomes a value of its own, in a statement before. */
export function extractValue(selected: Selected): Refactored | undefined {
  const { nodes, range, source, spanOf, textOf, replace } = selected;
  const [declaration] = nodes;
  const at = nodes.findIndex((node) => operands.has(node.kind) && isAll(spanOf(node), range));
  const expression = nodes[at];
  const first = nodes.findLastIndex(
    ({ kind }, n) => n < at && (kind === "assign" || kind === "return" || kind === "unpack"),
  );
  const statement = nodes[first];
  if (
    !declaration ||
    !expression ||
    !statement ||
    !nodes.slice(first + 1, at).every((node) => isEvaluatedOnce(selected, node))
  )
    return undefined;
  // A whole right side has a name already.
  if (statement.kind === "assign" && at === first + 1) return undefined;
  const name = freeName(declaration, "value");
  const { start } = spanOf(statement);
  const line = source.text.lastIndexOf("\n", start - 1) + 1;
  const indent = source.text.slice(line, start);
  // Behind an opening brace there is no line to put it on.
  if (indent.trim() !== "") return undefined;
  return {
    title: `Name this \`${name}\``,
    edits: [
      replace({ start, end: start }, `${name} = ${textOf(expression)}\n${indent}`),
      replace(withParentheses(source.text, range), name),
    ],
  };
}

/** A name needs none around it; those of a call stay. */
function withParentheses(text: string, { start, end }: Span): Span {
  const isAround = /[^\w\])}]\s*\($/.test(text.slice(Math.max(0, start - 100), start)) && text.charAt(end) === ")";
  return isAround ? { start: start - 1, end: end + 1 } : { start, end };
}

const operands: ReadonlySet<string> = new Set(["pipe", "binary", "unary", "call", "subscript", "attend", "scan"]);

const isAll = (span: Span, range: Span): boolean => span.start === range.start && span.end === range.end;

/** What stands inside of such a tree means the same before the statement. Masks, scores and settings speak of other names. */
function isEvaluatedOnce({ snapshot, source }: Selected, node: TreeNode): boolean {
  if (node.kind === "binary" || node.kind === "unary" || node.kind === "pipe" || node.kind === "argument") return true;
  if (node.kind !== "call") return false;
  const callee = node.callee.kind === "subscript" ? node.callee.object : node.callee;
  if (callee.kind !== "name") return false;
  const declared = lookup(snapshot.program, source.file, callee.name)?.declaration;
  return declared ? declared.kind === "function" : primitives.has(callee.name);
}
