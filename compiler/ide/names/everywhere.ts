/** A symbol in all files of a project. A snapshot sees its entry and what that imports; together they see all. */
import { standardLibrary } from "../../std/index.js";
import type { Snapshot } from "../snapshot.js";
import { occurrencesIn } from "./occurrences.js";
import type { Occurrence, Symbol } from "./symbol.js";

export interface Found extends Occurrence {
  readonly file: string;
}

/** The snapshot that knows most of a file: its own, or one that imports it; any knows the library. */
export function snapshotFor(snapshots: readonly Snapshot[], file: string): Snapshot | undefined {
  return (
    snapshots.find(({ entry }) => entry === file) ??
    snapshots.find(({ program }) => program.files.has(file)) ??
    (standardLibrary.has(file) ? snapshots[0] : undefined)
  );
}

/** By file, then in the order of the text, each once. */
export function occurrencesOf(snapshots: readonly Snapshot[], symbols: readonly Symbol[]): readonly Found[] {
  const keys = new Set(symbols.map(({ key }) => key));
  const names = [...new Set(symbols.map(({ name }) => name))];
  const found = new Map<string, Found>();
  for (const snapshot of snapshots) {
    for (const file of [...snapshot.program.files.keys(), ...standardLibrary.keys()]) {
      const text = snapshot.source(file)?.text ?? "";
      if (!names.some((name) => text.includes(name))) continue;
      for (const occurrence of occurrencesIn(snapshot, file)) {
        const { span, symbol } = occurrence;
        const key = `${file} ${span.start} ${symbol.key}`;
        if (keys.has(symbol.key) && !found.has(key)) found.set(key, { ...occurrence, file });
      }
    }
  }
  return [...found.values()].sort((a, b) =>
    a.file === b.file ? a.span.start - b.span.start : a.file < b.file ? -1 : 1,
  );
}
