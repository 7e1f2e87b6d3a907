/** A file typed from its first character to its last, as an editor tells of it: one insertion at a time. */
import type { Diagnostic } from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { clientHere, linesOf } from "./client.js";
import { example } from "./example.js";

const uri = "file:///models/typed.tfm";

/** What was said too much, a line each. `isAwaited`: whether the user stops behind these characters to see what is said. */
export async function typed(name: string, isAwaited: (soFar: string) => boolean): Promise<string[]> {
  const text = example(name);
  const client = await clientHere();
  const complaints = new Set<string>();
  await client.open(uri, "");
  for (let n = 1; n <= text.length; n++) {
    const at = endOf(text.slice(0, n - 1));
    await client.change(uri, n + 1, text.charAt(n - 1), { start: at, end: at });
    const soFar = text.slice(0, n);
    if (n < text.length && !isAwaited(soFar)) continue;
    const { diagnostics } = await client.diagnostics(uri, n + 1);
    for (const complaint of tooMuch(diagnostics, soFar, text))
      complaints.add(`${JSON.stringify(soFar.slice(-40))}: ${complaint}`);
  }
  for (const line of client.log) complaints.add(line);
  const versions = client.published.map(({ version = 0 }) => version);
  if (versions.some((version, n) => n > 0 && version <= (versions[n - 1] ?? 0))) complaints.add("versions go back");
  const last = client.published.at(-1);
  if (last?.version !== text.length + 1 || last.diagnostics.length > 0)
    complaints.add("the whole text is not told to be right");
  return [...complaints];
}

const endOf = (text: string) => TextDocument.create(uri, "tfm", 0, text).positionAt(text.length);

/**
 * The declaration that is being typed is unfinished: that is one mistake. In those before it nothing is wrong but names that
 * are declared further down, each of which is one mistake.
 */
export function tooMuch(diagnostics: readonly Diagnostic[], soFar: string, whole: string): string[] {
  const declaration = soFar.split("\n").findLastIndex((line) => /^[a-z]/.test(line));
  const own = diagnostics.filter(({ range }) => range.end.line >= declaration);
  const earlier = diagnostics.filter((each) => !own.includes(each));
  const names = earlier.map((each) => (each.code === "N102" ? /`(\w+)`/.exec(lineOf(each))?.[1] : undefined));
  const rest = whole.slice(soFar.lastIndexOf("\n") + 1);
  const isForward = (name: string | undefined, n: number): boolean =>
    name !== undefined && names.indexOf(name) === n && new RegExp(`^\\w+ ${name}\\b`, "m").test(rest);
  return [
    ...(own.length > 1 ? [own.map(lineOf).join(" | ")] : []),
    ...earlier.filter((_, n) => !isForward(names[n], n)).map((each) => `in what was typed before: ${lineOf(each)}`),
  ];
}

const lineOf = (diagnostic: Diagnostic): string => `${diagnostic.code} ${linesOf(diagnostic)[0]}`;
