/** Text to tree. Whatever the text, the result is a tree of what could be read, and a list of what could not. */
import type { File } from "./ast.js";
import type { Comment } from "./comment.js";
import { lineAt, lineStarts } from "./line-starts.js";
import { FileParser, type Parts } from "./parser/file-parser.js";
import { scan, type Scanned } from "./scan.js";
import { problemLimit, type SyntaxProblem } from "./syntax-problem.js";

export interface Parsed {
  readonly file: File;
  readonly comments: readonly Comment[];
  /** Sorted by position; empty exactly if the text is in the language. */
  readonly problems: readonly SyntaxProblem[];
}

export function parse(text: string): Parsed {
  const scanned = scan(text);
  const read = new FileParser(scanned).parse();
  return {
    file: {
      kind: "file",
      declarations: read.parts.flatMap(({ declaration }) => declaration ?? []),
      span: { start: 0, end: text.length },
    },
    comments: scanned.comments,
    problems: problemsOf(text, scanned, read).slice(0, problemLimit),
  };
}

/** What the scanner and the parser found, by position; on a line that does not scan, only what the scanner did. */
export function problemsOf(text: string, scanned: Scanned, read: Parts, base = 0, line = 1): SyntaxProblem[] {
  const all = scanned.problems.concat(
    scanned.faultyLines.size === 0 ? read.problems : outsideOf(scanned.faultyLines, read.problems, text, base, line),
  );
  return all.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function outsideOf(
  lines: ReadonlySet<number>,
  problems: readonly SyntaxProblem[],
  text: string,
  base: number,
  line: number,
): SyntaxProblem[] {
  const starts = lineStarts(text);
  return problems.filter(({ span }) => !lines.has(line + lineAt(starts, span.start - base)));
}
