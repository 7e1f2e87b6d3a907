import type { Span } from "./ast.js";

/** One mistake in the text. `message` is always "expected …, found …", of which the two parts are given as well. */
export interface SyntaxProblem {
  readonly message: string;
  /** The token that does not belong, or, where something is missing, the empty span at the end of the token before. */
  readonly span: Span;
  readonly found: string;
  readonly expected: string;
  readonly help?: string;
  /** The help as a change of the text, where it is one. */
  readonly fix?: SyntaxFix;
}

export interface SyntaxFix {
  readonly span: Span;
  readonly text: string;
}

/** More than this tells the user nothing; what follows the last one is not read. */
export const problemLimit = 100;

export function syntaxProblem(
  span: Span,
  expected: string,
  found: string,
  help?: string,
  fix?: SyntaxFix,
): SyntaxProblem {
  const message = `expected ${expected}, found ${found}`;
  return { message, span, found, expected, ...(help !== undefined && { help }), ...(fix && { fix }) };
}
