/** What a mask is put together of, as it is written. */
import type { Expression, IndexDeclaration, Name } from "../../grammar/ast.js";
import { lookup, type Declared } from "../1-resolve/program.js";
import type { Scope } from "./scope.js";

/** The operands of `&`, `|` and `!`, and both sides of an `if`. */
export function maskParts(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "unary":
      return expression.operator === "!" ? maskParts(expression.operand) : [expression];
    case "binary":
      return expression.operator === "&" || expression.operator === "|"
        ? [expression.left, expression.right].flatMap(maskParts)
        : [expression];
    case "conditional":
      return [expression.then, expression.otherwise].flatMap(maskParts);
    default:
      return [expression];
  }
}

/** `causal`, and the `window` of `window(4)`: the name that a mask has there. */
export function nameOfPart(part: Expression): Name | undefined {
  const named = part.kind === "call" ? part.callee : part;
  return named.kind === "name" ? named : undefined;
}

/** The mask or score that a name would mean if nothing hid it. */
export function declaredMask(scope: Scope, name: string): Declared<IndexDeclaration> | undefined {
  const found = lookup(scope.context.program, scope.file, name);
  return found?.declaration.kind === "index" ? { declaration: found.declaration, file: found.file } : undefined;
}
