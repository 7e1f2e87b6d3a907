import { readText } from "./files.js";

/** The table of docs/architecture.md: what each folder may import. */
export function folderTable(text: string = readText("docs/architecture.md")): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = text.matchAll(/^\| `([^`]+)` \|[^|]*\|([^|]*)\|$/gm);
  return new Map(
    [...rows].map(([, folder = "", allowed = ""]) => [
      folder,
      new Set([...allowed.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)),
    ]),
  );
}

/** The folder of the table that a file belongs to: the innermost one. */
export function folderOf(path: string, folders: Iterable<string>): string | undefined {
  return [...folders].filter((folder) => path.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];
}
