/** Tree to text: the one layout that `tfmc fmt` writes. */
import type { Expression, File } from "./ast.js";
import type { Comment } from "./comment.js";
import { parse } from "./parse.js";
import type { Context } from "./printer/context.js";
import { declaration, width } from "./printer/declaration.js";
import { flatten, render } from "./printer/document.js";
import { expression } from "./printer/expression.js";
import { body, lined } from "./printer/statement.js";
import { createTrivia } from "./printer/trivia.js";

/** A comment from inside of an expression may come to stand where it makes room for another layout; it settles soon. */
const passes = 4;

/**
 * The file in lines of at most 120 columns where that can be, all comments kept and at most one blank line of several.
 * `text` is what `parsed` was read from, without problems. Printing what was printed changes nothing.
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
  return printed;
}

function printOnce(parsed: { readonly file: File; readonly comments: readonly Comment[] }, text: string): string {
  const context: Context = {
    trivia: createTrivia(parsed.comments),
    text,
    body: (node) => body(context, node),
  };
  const whole = { start: 0, end: Infinity };
  const document = lined(context, parsed.file.declarations, whole, (node) => declaration(context, node));
  const printed = render(document, width).trim();
  return printed === "" ? "" : `${printed}\n`;
}

/** The expression on one line, for a message. The body of a `scan` is left out. */
export function printExpression(node: Expression): string {
  const context: Context = { trivia: createTrivia([]), text: "", body: () => "{ ... }" };
  return flatten(expression(context, node));
}
