/** What is offered where something is to be written. */
import type { Span } from "../../../grammar/ast.js";
import type { Edit } from "../../diagnostics/edit.js";

export type SuggestionKind =
  | "value" | "size" | "axis" | "entry" | "input" | "label" | "weight" | "block" | "model" | "function" | "mask"
  | "score" | "task" | "config" | "primitive" | "keyword" | "type" | "setting" | "file" | "text" | "outer"; // prettier-ignore

export interface Suggestion {
  readonly label: string;
  readonly kind: SuggestionKind;
  /** On one line: its type, its shape, its signature. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What the label is written as, where that is not the label. */
  readonly insert?: string;
  /** What is written where the editor can go from gap to gap: `Attention{heads: ${1:heads}}`. */
  readonly snippet?: string;
  /** What else changes: the import of a name of another file. */
  readonly edits?: readonly Edit[];
}

export interface Completion {
  /** The likeliest first; none twice. */
  readonly items: readonly Suggestion[];
  /** The word at the cursor, which the chosen one takes the place of. */
  readonly replace: Span;
}

/** Of two with one name the first is meant. */
export function eachOnce(items: readonly Suggestion[]): Suggestion[] {
  const seen = new Set<string>();
  return items.filter(({ label }) => !seen.has(label) && seen.add(label));
}

export const keyword = (label: string, snippet?: string, documentation?: string): Suggestion => ({
  label,
  kind: "keyword",
  ...(snippet !== undefined && { snippet }),
  ...(documentation !== undefined && { documentation }),
});

/** Text as a snippet that is only text. */
export const plain = (text: string): string => text.replace(/[\\$}]/g, "\\$&");
