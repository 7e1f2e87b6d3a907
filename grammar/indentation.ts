/** How deep a line belongs that is being written. */
import type { TextEdit } from "./line-edits.js";
import { scan } from "./scan.js";

const closing = /^[})\]]/;

/**
 * The change of the blanks at the start of the line at `offset`, if there is one: two deeper than the line where the bracket
 * around it was opened, a closing bracket as deep as that. Stages of a pipe are two deeper than the statement.
 */
export function indentationEdit(text: string, offset: number): TextEdit | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const blanks = /[^\S\n]*/y;
  blanks.lastIndex = start;
  const present = blanks.exec(text)?.[0] ?? "";
  const end = start + present.length;
  const wanted = " ".repeat(depth(text.slice(0, start), text.slice(end, end + 6)));
  return present === wanted ? undefined : { span: { start, end }, text: wanted };
}

/** Of a line that starts with `begin`, behind these lines. */
function depth(before: string, begin: string): number {
  const lines = before.split("\n");
  const depthOf = (line: number): number => /^\s*/.exec(lines[line - 1] ?? "")?.[0].length ?? 0;
  /** How deep the lines are that opened the brackets which are not closed yet. */
  const open: number[] = [];
  const { tokens } = scan(before);
  for (const { text, line } of tokens) {
    // A declaration starts its line, whatever the lines of its signature are indented by.
    if (/^[{([]$/.test(text)) open.push(open.length === 0 ? 0 : depthOf(line));
    else if (closing.test(text)) open.pop();
  }
  const around = open.at(-1);
  if (around === undefined) return /^(->|where\b|\()/.test(begin) ? 4 : 0;
  if (closing.test(begin)) return around;
  if (!begin.startsWith("|>")) return around + 2;
  const above = lines.at(-2) ?? "";
  return /^\s*\|>/.test(above) ? depthOf(lines.length - 1) : around + 4;
}
