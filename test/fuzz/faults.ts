/** What holds of every input, however broken: the compiler answers, and its answer can be shown. */
import {
  check,
  createChecker,
  parse,
  print,
  render,
  standardLibrary,
  toJson,
  type Mark,
  type Problem,
} from "../../compiler/index.js";
import { withoutSpans } from "../grammar/without-spans.js";
import type { Files, Input } from "./corpus.js";

export interface Examined {
  /** What does not hold; empty where all is well. */
  readonly faults: readonly string[];
  /** The problems reported, each as its code and message. */
  readonly problems: readonly string[];
}

export function examine({ files, before }: Input): Examined {
  const [entry = ""] = files.keys();
  const faults: string[] = [];
  const tried = <T>(what: string, run: () => T): T | undefined => {
    try {
      return run();
    } catch (error) {
      faults.push(`${what} threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return undefined;
    }
  };
  const problems = tried("check", () => check(entry, (path) => files.get(path)).problems) ?? [];
  faults.push(...faultsOfList(problems, files));
  if (before) tried("check again", () => faults.push(...faultsOfEdit(before, files, problems)));
  for (const problem of problems) {
    tried("render", () => faults.push(...faultsOfText(problem, files)));
  }
  for (const text of files.values()) tried("formatting", () => faults.push(...faultsOfFormatting(text)));
  return { faults, problems: problems.map(({ code, message }) => `${code} ${message}`) };
}

const sourceIn =
  (files: Files) =>
  (file: string): string | undefined =>
    files.get(file) ?? standardLibrary.get(file);

/** Every mark lies in a text; the list is sorted by file and place; nothing is said twice. */
export function faultsOfList(problems: readonly Problem[], files: Files): string[] {
  const faults: string[] = [];
  const said = new Set<string>();
  let last: Mark | undefined;
  for (const { code, message, primary, secondary } of problems) {
    for (const mark of [...(primary ? [primary] : []), ...secondary]) {
      const fault = faultOfMark(mark, files);
      if (fault !== undefined) faults.push(`${code} "${message}": ${fault}`);
    }
    const place = `${primary?.file}:${primary?.span.start}`;
    if (said.has(`${code} ${message} ${place}`)) faults.push(`${code} "${message}" is said twice at ${place}`);
    said.add(`${code} ${message} ${place}`);
    if (last && primary && isBehind(last, primary)) faults.push(`${code} at ${place} comes after a later place`);
    last = primary;
  }
  return faults;
}

/** After an edit all is said that is said of the text as it is, and nothing else. */
function faultsOfEdit(before: Files, after: Files, due: readonly Problem[]): string[] {
  const [entry = ""] = after.keys();
  let now = before;
  const checker = createChecker((path) => now.get(path));
  checker.check(entry);
  now = after;
  const { problems } = checker.check(entry);
  if (JSON.stringify(problems) === JSON.stringify(due)) return [];
  const texts = ([problems, due] as const).map((list) =>
    list.map(({ code, message, primary }) => `${code} ${message} at ${primary?.span.start}`),
  );
  return [`after an edit it says ${JSON.stringify(texts[0])}, of the same text ${JSON.stringify(texts[1])}`];
}

function faultOfMark({ file, span }: Mark, files: Files): string | undefined {
  const text = sourceIn(files)(file);
  if (text === undefined) return `it marks ${file}, which nobody has`;
  const isWithin = Number.isInteger(span.start) && 0 <= span.start && span.start <= span.end && span.end <= text.length;
  return isWithin ? undefined : `it marks ${span.start}..${span.end} of the ${text.length} characters of ${file}`;
}

const isBehind = (a: Mark, b: Mark): boolean => {
  if (a.file !== b.file) return a.file > b.file;
  return a.span.start > b.span.start;
};

/** What a person and a tool are shown: lines of bounded length, with nothing that acts on a terminal. */
export function faultsOfText(problem: Problem, files: Files): string[] {
  const source = sourceIn(files);
  const text = render(problem, { source });
  const faults: string[] = [];
  if (!text.startsWith(`${problem.severity}[${problem.code}] `))
    faults.push(`${problem.code} is shown without its code`);
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  const acting = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u.exec(text);
  if (acting) faults.push(`${problem.code} shows U+${acting[0].charCodeAt(0).toString(16)}`);
  if (text.length > 10_000) faults.push(`${problem.code} is shown in ${text.length} characters`);
  if (/\bundefined\b|\bNaN\b|\[object /.test(problem.message)) faults.push(`${problem.code} says "${problem.message}"`);
  if (problem.message === "" || problem.message.includes("\n")) faults.push(`${problem.code} is not one line`);
  JSON.parse(JSON.stringify(toJson(problem, source)));
  return faults;
}

/** What parses is printed, means the same then, and stays when printed again. */
export function faultsOfFormatting(text: string): string[] {
  const parsed = parse(text);
  if (parsed.problems.length > 0) return [];
  const printed = print(parsed, text);
  const again = parse(printed);
  const [problem] = again.problems;
  if (problem) return [`what is printed does not parse: ${problem.message}`];
  if (meaningOf(again.file) !== meaningOf(parsed.file)) return ["what is printed means something else"];
  return print(again, printed) === printed ? [] : ["printing what was printed changes it"];
}

const meaningOf = (tree: unknown): string => JSON.stringify(withoutSpans(tree));
