import { render, standardLibrary } from "tfmc";
import { problemsOf, unmended } from "../mistakes/mended.js";

/** Files by name, the first the entry; or the parts of one file, `model.tfm`. */
type Program = readonly [Readonly<Record<string, string>>] | readonly string[];

/** What a terminal shows of a program, whose problems' fixes must mend them. */
export function rendered(...program: Program): string {
  const files = filesOf(program);
  const source = (file: string): string | undefined => standardLibrary.get(file) ?? files.get(file);
  const problems = problemsOf(files);
  const wrong = unmended(files, problems);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return problems.map((problem) => render(problem, { source })).join("\n\n");
}

function filesOf(program: Program): ReadonlyMap<string, string> {
  const [first] = program;
  if (typeof first === "object") return new Map(Object.entries(first).map(([name, text]) => [name, flush(text)]));
  const parts = program.filter((part) => typeof part === "string");
  return new Map([["model.tfm", parts.map(flush).join("\n")]]);
}

/** A text written with the indent of the code around it, without that indent. */
function flush(text: string): string {
  const lines = text.replace(/^\n/, "").replace(/\n *$/, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join("\n");
}
