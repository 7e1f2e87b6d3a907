import { check, render, standardLibrary } from "tfmc";

/** Files by name, the first the entry; or the parts of one file, `model.tfm`. */
type Program = readonly [Readonly<Record<string, string>>] | readonly string[];

/** What a terminal shows of a program. */
export function rendered(...program: Program): string {
  const files = filesOf(program);
  const source = (file: string): string | undefined => standardLibrary.get(file) ?? files.get(file);
  const [entry = ""] = files.keys();
  const { problems } = check(entry, (path) => files.get(path));
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
