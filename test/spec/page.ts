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

/** What a value must be: `# shape: f32[batch, seq, d]`, of the values that the line names, else of its last stage. */
export interface ShapeAssertion {
  readonly type: string;
  readonly file: string;
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
  readonly shapes: readonly ShapeAssertion[];
}

const fence = /^```tfm(?:[ \t]+(\S+))?[ \t]*\n([\s\S]*?)^```[ \t]*$/gm;
const output = /^\s*^```text[ \t]*\n([\s\S]*?)^```[ \t]*$/m;
const shapeAssertion = /#\s*shape:\s*(\S.*?)\s*$/;
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
  return {
    pageLine,
    end,
    files,
    assertions: [...files].flatMap(([file, text]) => assertionsOf(file, text)),
    shapes: [...files].flatMap(([file, text]) => shapesOf(file, text)),
  };
}

function shapesOf(file: string, source: string): ShapeAssertion[] {
  return withSubjects(source, shapeAssertion).map(([[, type = ""], line]) => ({ type, file, line }));
}

function assertionsOf(file: string, source: string): Assertion[] {
  return withSubjects(source, assertion).map(([[, severity = "", code = "", quoted = ""], line]) => {
    return { severity, code, text: quoted.replace(/\\(.)/g, "$1"), file, line };
  });
}

/** An assertion speaks of its own line or, alone on it, of the nearest line above that is no assertion. */
function withSubjects(source: string, pattern: RegExp): [RegExpExecArray, number][] {
  let subject = 1;
  return source.split("\n").flatMap((line, index): [RegExpExecArray, number][] => {
    const found = pattern.exec(line);
    if (!isAlone(line)) subject = index + 1;
    return found ? [[found, subject]] : [];
  });
}

const isAlone = (line: string): boolean =>
  [assertion, shapeAssertion].some(
    (pattern) => line.slice(0, pattern.exec(line)?.index ?? 0).trim() === "" && pattern.test(line),
  );
