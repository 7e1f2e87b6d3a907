/** Text to tree. Whatever the text, the result is a tree of what could be read, and a list of what could not. */
import type { File } from "./ast.js";
import type { Comment } from "./comment.js";
import { FileParser } from "./parser/file-parser.js";
import { scan } from "./scan.js";
import { problemLimit, type SyntaxProblem } from "./syntax-problem.js";

export interface Parsed {
  readonly file: File;
  readonly comments: readonly Comment[];
  /** Sorted by position; empty exactly if the text is in the language. */
  readonly problems: readonly SyntaxProblem[];
}

export function parse(text: string): Parsed {
  const scanned = scan(text);
  const { declarations, problems } = new FileParser(scanned).parse();
  const lines = lineStarts(text);
  const own = problems.filter(({ span }) => !scanned.faultyLines.has(lineAt(lines, span.start)));
  const all = [...scanned.problems, ...own].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return {
    file: { kind: "file", declarations, span: { start: 0, end: text.length } },
    comments: scanned.comments,
    problems: all.slice(0, problemLimit),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** One-based number of the line that `offset` is on. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
