/** Tree to text: the one layout that `tfmc fmt` writes. */
import type { Expression, File } from "./ast.js";
import type { Comment } from "./comment.js";
import { parse } from "./parse.js";
import type { Context } from "./printer/context.js";
import { cell, declaration } from "./printer/declaration.js";
import { flatten, render } from "./printer/document.js";
import { expression } from "./printer/expression.js";
import { body, lined } from "./printer/statement.js";
import { columns } from "./printer/table.js";
import { createTrivia } from "./printer/trivia.js";
import { width } from "./printer/width.js";

/** A comment from inside of an expression may come to stand where it makes room for another layout; it settles soon. */
const passes = 4;

/**
 * The file in lines of at most 120 columns where that can be, all comments kept and at most one blank line of several. Lines end as
 * the first line of `text` does, which is what `parsed` was read from, without problems. Printing what was printed changes nothing.
 */
export function print(parsed: { readonly file: File; readonly comments: readonly Comment[] }, text: string): string {
  let printed = printOnce(parsed, text);
  for (let pass = 1; pass < passes && parsed.comments.length > 0; pass += 1) {
    const again = parse(printed);
    if (again.problems.length > 0) break;
    const next = printOnce(again, printed);
    if (next === printed) break;
    printed = next;
  }
  return /\r?\n/.exec(text)?.[0] === "\r\n" ? printed.replaceAll("\n", "\r\n") : printed;
}

function printOnce(parsed: { readonly file: File; readonly comments: readonly Comment[] }, text: string): string {
  const context: Context = {
    trivia: createTrivia(parsed.comments),
    text,
    body: (node) => body(context, node),
  };
  const whole = { start: 0, end: Infinity };
  const { declarations } = parsed.file;
  const widths = columns(context, declarations, (node) => cell(context, node));
  const document = lined(context, declarations, whole, (node, index) => declaration(context, node, widths[index]));
  const printed = render(document, width).trim();
  return printed === "" ? "" : `${printed}\n`;
}

/** The expression on one line, for a message. The body of a `scan` is left out. */
export function printExpression(node: Expression): string {
  const context: Context = { trivia: createTrivia([]), text: "", body: () => "{ ... }" };
  return flatten(expression(context, node));
}
