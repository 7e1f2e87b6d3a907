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
  /** Where its last block ends in the page. */
  readonly end: number;
  readonly files: ReadonlyMap<string, string>;
  readonly assertions: readonly Assertion[];
}

const fence = /^```tfm(?:[ \t]+(\S+))?[ \t]*\n([\s\S]*?)^```[ \t]*$/gm;
const output = /^\s*^```text[ \t]*\n([\s\S]*?)^```[ \t]*$/m;
const assertion = /#\s*(error|warning|hint)\[(\w+)\]\s*"((?:[^"\\]|\\.)*)"/;

/** An unnamed block stands alone. Named blocks are the files of one program; a name that comes again starts the next. */
export function examplesOf(text: string): readonly Example[] {
  const examples: Example[] = [];
  let named = new Map<string, string>();
  let namedLine = 0;
  let namedEnd = 0;
  const finish = (): void => {
    if (named.size > 0) examples.push(exampleOf(namedLine, namedEnd, named));
    named = new Map();
  };
  const page = text.replaceAll("\r\n", "\n");
  for (const { 0: whole, 1: name, 2: source = "", index } of page.matchAll(fence)) {
    const pageLine = page.slice(0, index).split("\n").length;
    const end = index + whole.length;
    if (name === undefined) {
      examples.push(exampleOf(pageLine, end, new Map([["example.tfm", source]])));
      continue;
    }
    if (named.has(name)) finish();
    if (named.size === 0) namedLine = pageLine;
    named.set(name, source);
    namedEnd = end;
  }
  finish();
  return examples;
}

/** The page with what each example prints: a `text` block directly behind an example shows its problems. */
export function withOutput(text: string, print: (example: Example) => string): string {
  let page = text.replaceAll("\r\n", "\n");
  const fromTheEnd = [...examplesOf(page)].sort((a, b) => b.end - a.end);
  for (const example of fromTheEnd) {
    const rest = page.slice(example.end);
    const shown = output.exec(rest);
    if (shown?.index !== 0) continue;
    page = `${page.slice(0, example.end)}\n\n\`\`\`text\n${print(example)}\n\`\`\`${rest.slice(shown[0].length)}`;
  }
  return page;
}

function exampleOf(pageLine: number, end: number, files: ReadonlyMap<string, string>): Example {
  return { pageLine, end, files, assertions: [...files].flatMap(([file, text]) => assertionsOf(file, text)) };
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
