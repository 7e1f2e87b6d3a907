import type { Body } from "../ast.js";
import type { Document } from "./document.js";
import type { Trivia } from "./trivia.js";

/** What every part of the printer needs to know. */
export interface Context {
  readonly trivia: Trivia;
  /** The text being formatted: blank lines and the choice of one line or several are the author's. */
  readonly text: string;
  /** Prints the body of a `scan`: an expression that holds statements. */
  readonly body: (body: Body) => Document;
}
