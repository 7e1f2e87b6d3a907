/** `import { names } from "file.tfm"`, and imports that a name of another file brings along. */
import { join, folder } from "../../1-resolve/paths.js";
import type { SourceFile } from "../../1-resolve/program.js";
import type { Edit } from "../../diagnostics/edit.js";
import type { Snapshot } from "../snapshot.js";
import type { Cursor } from "./cursor.js";
import { described } from "./declared.js";
import { path } from "./elements.js";
import type { Host } from "./host.js";
import { keyword, type Suggestion } from "./suggestion.js";

export function inImport(cursor: Cursor, host: Host): Suggestion[] {
  if (cursor.isInString) return files(cursor, host);
  const [, braces] = path(cursor.nest);
  if (!braces) return cursor.nest.elements.at(-1)?.kind === "group" ? [keyword("from", 'from "$1"$0')] : [];
  const last = braces.elements.at(-1);
  if (last && last.kind !== ",") return [];
  const text = cursor.after.find(({ kind }) => kind === "string")?.text.slice(1, -1);
  const given = new Set(
    [...braces.elements, ...cursor.after].flatMap((each) => (each.kind === "group" ? [] : [each.text])),
  );
  return offeredBy(cursor, host, text).filter(({ label }) => !given.has(label));
}

const files = ({ file }: Cursor, host: Host): Suggestion[] => [
  { label: "std", kind: "file", detail: "the standard library, whose names need no import" },
  ...(host.filesBeside?.(file.name) ?? []).map((label): Suggestion => ({ label, kind: "file" })),
];

/** The names of the file that `wanted` says, or of all that are known. */
function offeredBy({ snapshot, file }: Cursor, host: Host, wanted: string | undefined): Suggestion[] {
  if (wanted === "std") return [...snapshot.program.library.values()].map(described);
  const others = [...snapshot.program.files.values(), ...(host.others ?? []).map(({ program }) => program.entry)];
  const path = wanted === undefined || wanted === "" ? undefined : join(folder(file.name), wanted);
  return others
    .filter(({ name }) => name !== file.name && (path === undefined || name === path))
    .flatMap((other) => [...other.declarations.values()].map((declaration) => described({ declaration, file: other })));
}

/** What other files declare that this one does not know, each with the import that it takes. */
export function importable(
  { snapshot, file, text }: Cursor,
  host: Host,
  kinds: ReadonlySet<Suggestion["kind"]>,
): Suggestion[] {
  return (host.others ?? []).flatMap(({ program: { entry } }) => {
    const from = pathTo(file.name, entry.name);
    if (entry.name === file.name || from === undefined) return [];
    return [...entry.declarations.values()].flatMap((declaration) => {
      const found = described({ declaration, file: entry });
      if (!kinds.has(found.kind)) return [];
      return [{ ...found, detail: `from "${from}"`, edits: [importOf(snapshot, file, text, found.label, from)] }];
    });
  });
}

/** From a file to one beside or below it. */
function pathTo(from: string, to: string): string | undefined {
  const below = folder(from);
  const prefix = below === "" || below === "." ? "" : `${below}/`;
  return to.startsWith(prefix) && !to.slice(prefix.length).startsWith("/") ? to.slice(prefix.length) : undefined;
}

/** One name more in the import that is there, else a new one after the last, else at the top. */
function importOf(snapshot: Snapshot, file: SourceFile, text: string, name: string, from: string): Edit {
  const source = snapshot.source(file.name);
  const imports = file.all.flatMap((each) => (each.kind === "import" ? [each] : []));
  const known = imports.find((each) => each.from.value === from)?.names.at(-1);
  const end = known && source?.toText(known.span)?.end;
  if (end !== undefined) return { file: file.name, span: { start: end, end }, text: `, ${name}` };
  const last = imports.at(-1);
  const after = last && source?.toText(last.span)?.end;
  const line = `import { ${name} } from "${from}"`;
  if (after !== undefined) return { file: file.name, span: { start: after, end: after }, text: `\n${line}` };
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return { file: file.name, span: { start, end: start }, text: `${line}\n\n` };
}
