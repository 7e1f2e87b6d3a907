/** An executable page: Markdown whose fenced `tfm` blocks are files with assertions about their problems. */

/** What must be reported: `# error[T202] "text"`, where `text` is a part of the message. */
export interface Assertion {
  readonly severity: string;
  readonly code: string;
  readonly text: string;
  readonly file: string;
  /** From 1, in its block. */
  readonly line: number;
}

/** Blocks that are checked together; the first file is the entry. */
export interface Example {
  /** The line of the page at which it starts, from 1, to name it in a test. */
  readonly pageLine: number;
  readonly files: ReadonlyMap<string, string>;
  readonly assertions: readonly Assertion[];
}

const fence = /^```tfm(?:[ \t]+(\S+))?[ \t]*\n([\s\S]*?)^```[ \t]*$/gm;
const assertion = /#\s*(error|warning|hint)\[(\w+)\]\s*"((?:[^"\\]|\\.)*)"/;

/** An unnamed block stands alone; the named blocks of a page are the files of one program. */
export function examplesOf(page: string): readonly Example[] {
  const alone: Example[] = [];
  const named = new Map<string, string>();
  let namedLine = 0;
  for (const { 1: name, 2: text = "", index } of page.replaceAll("\r\n", "\n").matchAll(fence)) {
    const pageLine = page.slice(0, index).split("\n").length;
    if (name === undefined) {
      alone.push(exampleOf(pageLine, new Map([["example.tfm", text]])));
    } else {
      if (named.size === 0) namedLine = pageLine;
      named.set(name, text);
    }
  }
  return named.size === 0 ? alone : [...alone, exampleOf(namedLine, named)];
}

function exampleOf(pageLine: number, files: ReadonlyMap<string, string>): Example {
  return { pageLine, files, assertions: [...files].flatMap(([file, text]) => assertionsOf(file, text)) };
}

/** An assertion speaks of its own line or, alone on it, of the nearest line above that is no assertion. */
function assertionsOf(file: string, text: string): Assertion[] {
  let subject = 1;
  return text.split("\n").flatMap((line, index) => {
    const found = assertion.exec(line);
    const isAlone = found !== null && line.slice(0, found.index).trim() === "";
    if (!isAlone) subject = index + 1;
    if (!found) return [];
    const [, severity = "", code = "", quoted = ""] = found;
    return [{ severity, code, text: quoted.replace(/\\(.)/g, "$1"), file, line: subject }];
  });
}
