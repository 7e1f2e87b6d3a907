/** The text of the language: parsing, the tree, and printing. */
export type * from "./ast.js";
export type { Comment } from "./comment.js";
export { format, formatEdits } from "./format.js";
export { indentationEdit } from "./indentation.js";
export type { TextEdit } from "./line-edits.js";
export { Ledger, type SourceText } from "./ledger.js";
export { lineAt, lineStarts } from "./line-starts.js";
export { parse, type Parsed } from "./parse.js";
export {
  endOf,
  inLedger,
  inText,
  places,
  read,
  reread,
  spanInText,
  type Placed,
  type Reading,
  type Section,
} from "./reading.js";
export { print, printExpression } from "./print.js";
export type { SyntaxProblem } from "./syntax-problem.js";
