/** Where else a name means the same. */
import { occurrencesOf, snapshotFor, type Found } from "./names/everywhere.js";
import { occurrencesIn, symbolsAt } from "./names/occurrences.js";
import type { Occurrence } from "./names/symbol.js";
import type { Snapshot } from "./snapshot.js";

/** In all files, the library's among them. Words of the language are looked for in their own declaration. */
export function references(
  snapshots: readonly Snapshot[],
  file: string,
  offset: number,
  options: { readonly withDeclaration: boolean },
): readonly Found[] {
  const snapshot = snapshotFor(snapshots, file);
  if (!snapshot) return [];
  const here = symbolsAt(snapshot, file, offset);
  if (here.every(({ symbol }) => symbol.kind === "word"))
    return highlights(snapshot, file, offset).map((one): Found => ({ ...one, file }));
  const found = occurrencesOf(
    snapshots,
    here.map(({ symbol }) => symbol),
  );
  return found.filter(({ role }) => options.withDeclaration || role !== "declares");
}

/** In the same file; of a word of the language in the same declaration. */
export function highlights(snapshot: Snapshot, file: string, offset: number): readonly Occurrence[] {
  const symbols = symbolsAt(snapshot, file, offset).map(({ symbol }) => symbol);
  const keys = new Set(symbols.map(({ key }) => key));
  const declaration = symbols.every(({ kind }) => kind === "word")
    ? snapshot.source(file)?.sectionAt(offset)?.declaration
    : undefined;
  const found = occurrencesIn(snapshot, file, declaration).filter(({ symbol }) => keys.has(symbol.key));
  return [...new Map(found.map((one) => [one.span.start, one])).values()];
}
