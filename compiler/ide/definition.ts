/** Where what a name stands for is declared, in the library too; behind an import's path, the file. */
import type { Span } from "../../grammar/ast.js";
import { inLedger } from "../../grammar/index.js";
import { folder, join } from "../1-resolve/paths.js";
import { declarationOf, symbolsAt } from "./names/occurrences.js";
import type { Snapshot } from "./snapshot.js";

export interface Target {
  /** What was asked about: the name, or the path. */
  readonly origin: Span;
  readonly file: string;
  /** All of what is declared, in that file. */
  readonly span: Span;
  readonly nameSpan: Span;
}

/** Two where a pun is the caller's own value and the callee's entry. */
export function definition(snapshot: Snapshot, file: string, offset: number): readonly Target[] {
  const imported = importedFile(snapshot, file, offset);
  if (imported) return [imported];
  return symbolsAt(snapshot, file, offset).flatMap(({ span: origin, symbol }): Target[] => {
    const place = declarationOf(snapshot, symbol);
    return place ? [{ origin, file: place.file, span: place.span, nameSpan: place.nameSpan }] : [];
  });
}

function importedFile(snapshot: Snapshot, file: string, offset: number): Target | undefined {
  const source = snapshot.source(file);
  const section = source?.sectionAt(offset);
  if (!section || section.declaration?.kind !== "import") return undefined;
  const { from } = section.declaration;
  const at = inLedger(section, offset);
  const origin = source?.toText(from.span);
  if (!origin || at < from.span.start || at > from.span.end) return undefined;
  const path = join(folder(file), from.value);
  const start = { start: 0, end: 0 };
  return snapshot.program.files.has(path) ? { origin, file: path, span: start, nameSpan: start } : undefined;
}
