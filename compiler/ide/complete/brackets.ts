import type { Cursor } from "./cursor.js";
import { dueIn, isBody } from "./due.js";
import type { Nest } from "./elements.js";
import { expression } from "./expression.js";
import type { Locals } from "./local.js";
import { inRearrange, inSquare, isPattern } from "./square.js";
import { statement } from "./statement.js";
import type { Suggestion } from "./suggestion.js";

/** In any brackets of an expression, and in the braces of a body. */
export function inBrackets(cursor: Cursor, locals: Locals, nest: Nest): Suggestion[] {
  if (isBody(nest)) return statement(cursor, locals, nest);
  if (isPattern(nest) && nest.outer) return inRearrange(cursor, locals, nest.outer);
  if (nest.open?.kind === "[") return inSquare(cursor, locals, nest);
  const { names, elements, want } = dueIn(cursor, locals, nest);
  return [...names, ...(want ? expression(cursor, locals, elements, want) : [])];
}
