import { lineAt } from "./lines.js";
import type { Edit } from "./edit.js";
import type { Mark, Problem, Severity } from "./problem.js";

/** A mark for tools: lines and columns count from 1, columns in UTF-16 units; the end is the first position behind it. */
export interface JsonMark {
  readonly file: string;
  /** Absent, like the other positions, where the file's text is not at hand. */
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly label?: string;
}

/** What stands at the place becomes `text`; an empty place inserts. */
export interface JsonEdit extends Omit<JsonMark, "label"> {
  readonly text: string;
}

export interface JsonProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly primary?: JsonMark;
  readonly secondary: readonly JsonMark[];
  readonly notes: readonly string[];
  readonly help?: string;
  /** The changes that the help speaks of; none where it is only advice. */
  readonly fixes: readonly JsonEdit[];
}

/** The same facts that `render` shows, as plain data. */
export function toJson(problem: Problem, source: (file: string) => string | undefined): JsonProblem {
  const { code, severity, message, primary, secondary, notes, help, fixes } = problem;
  return {
    code,
    severity,
    message,
    ...(primary && { primary: markToJson(primary, source) }),
    secondary: secondary.map((mark) => markToJson(mark, source)),
    notes,
    ...(help !== undefined && { help }),
    fixes: fixes.map((edit) => ({ ...markToJson(placeOf(edit), source), text: edit.text })),
  };
}

const placeOf = ({ file, span }: Edit): Mark => ({ file, span });

function markToJson({ file, span, label }: Mark, source: (file: string) => string | undefined): JsonMark {
  const text = source(file);
  const described = label === undefined ? {} : { label };
  if (text === undefined) return { file, ...described };
  const start = position(text, span.start);
  const end = position(text, Math.max(span.start, span.end));
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column, ...described };
}

function position(text: string, offset: number): { line: number; column: number } {
  const at = Math.min(Math.max(offset, 0), text.length);
  const line = lineAt(text, at);
  return { line: line.number, column: at - line.start + 1 };
}
