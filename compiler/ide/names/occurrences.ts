/** Where names are written, and what each of them means. */
import type { Declaration, Span } from "../../../grammar/ast.js";
import type { SourceFile } from "../../1-resolve/program.js";
import type { View } from "../../workspace.js";
import { spanInText, type Placed } from "../../../grammar/index.js";
import type { Snapshot, Source } from "../snapshot.js";
import { readInterior } from "./interior.js";
import { createSight, isSame, type Questions } from "./sight.js";
import type { Occurrence, Symbol } from "./symbol.js";
import type { Interior } from "./walk.js";

/** All of a file, or those of one of its declarations, in the order of the text. */
export function occurrencesIn(snapshot: Snapshot, file: string, declaration?: Declaration): readonly Occurrence[] {
  const source = snapshot.source(file);
  if (!source) return [];
  return source.sections.flatMap((section): readonly Occurrence[] => {
    const own = section.declaration;
    if (!own || (declaration && own !== declaration)) return [];
    const moved = (span: Span): Span => spanInText(section, span);
    return occurrencesOfTree(snapshot, source, section).map((occurrence) => ({
      ...occurrence,
      span: moved(occurrence.span),
      ...(occurrence.beside && { beside: { ...occurrence.beside, span: moved(occurrence.beside.span) } }),
    }));
  });
}

/** Those of a section, their spans in the tree. As long as they are the same they are the same object. */
export function occurrencesOfTree(snapshot: Snapshot, source: Source, section: Placed): readonly Occurrence[] {
  return section.declaration ? interiorOf(snapshot.view, source.file, section.declaration).occurrences : none;
}

const none: readonly Occurrence[] = [];

/** What is written at an offset, its end included; the caller's own first where a pun is two things. */
export function symbolsAt(snapshot: Snapshot, file: string, offset: number): readonly Occurrence[] {
  const section = snapshot.source(file)?.sectionAt(offset);
  if (!section?.declaration) return [];
  const holding = occurrencesIn(snapshot, file, section.declaration).filter(
    ({ span }) => span.start <= offset && offset <= span.end,
  );
  // Between two names that touch, the one that begins.
  const begun = holding.filter(({ span }) => offset < span.end);
  return begun.length > 0 ? begun : holding;
}

export const symbolAt = (snapshot: Snapshot, file: string, offset: number): Occurrence | undefined =>
  symbolsAt(snapshot, file, offset)[0];

export interface Place {
  readonly file: string;
  /** Where the name stands. */
  readonly nameSpan: Span;
  /** All of the declaration, of what a file declares; the name alone of what is declared inside. */
  readonly span: Span;
  readonly declaration: Declaration;
  readonly doc: string | undefined;
}

/** Where a symbol is declared; undefined for words and primitives, and for what is in the text no longer. */
export function declarationOf(snapshot: Snapshot, symbol: Symbol): Place | undefined {
  const { file, declaration, key } = symbol;
  const source = declaration && snapshot.source(file);
  if (!source) return undefined;
  const own = occurrencesIn(snapshot, file, declaration).filter((each) => each.symbol.key === key);
  const first = own.find(({ role }) => role === "declares") ?? own[0];
  if (!first) return undefined;
  const isWhole = symbol.owner === undefined;
  const span = (isWhole && source.toText(declaration.span)) || first.span;
  return { file, nameSpan: first.span, span, declaration, doc: isWhole ? docOf(declaration) : undefined };
}

export const docOf = (declaration: Declaration): string | undefined =>
  "doc" in declaration ? declaration.doc : undefined;

// --------------------------------------------------------------------------------------------------------- remembering

interface Known {
  readonly interior: Interior;
  readonly questions: Questions;
  /** For which this has been found to hold. */
  readonly holdsIn: WeakSet<View>;
}

/** A declaration that an edit leaves as it is stays the same object. */
const known = new WeakMap<Declaration, Map<string, Known>>();

function interiorOf(view: View, file: SourceFile, declaration: Declaration): Interior {
  return knownOf(view, file, declaration, new Set()).interior;
}

const nothing: Interior = {
  occurrences: none,
  names: new Map(),
  sizes: new Map(),
  layers: new Map(),
  entries: new Map(),
};

/** `reading`: what is being read already, which circles of definitions lead back to. */
function knownOf(view: View, file: SourceFile, declaration: Declaration, reading: Set<Declaration>): Known {
  // Two programs may hold one tree of the library.
  const key = `${view.program.entry.name} ${file.name}`;
  const byFile = known.get(declaration) ?? new Map<string, Known>();
  known.set(declaration, byFile);
  const kept = byFile.get(key);
  if (kept && (kept.holdsIn.has(view) || isSame(view, kept.questions))) {
    kept.holdsIn.add(view);
    return kept;
  }
  if (reading.has(declaration)) return { interior: nothing, questions: new Map(), holdsIn: new WeakSet() };
  reading.add(declaration);
  const questions: Questions = new Map();
  const interior = readInterior(createSight(view, questions), file, declaration, (other) => {
    const theirs = knownOf(view, other.file, other.declaration, reading);
    for (const [question, answer] of theirs.questions) questions.set(question, answer);
    return theirs.interior;
  });
  reading.delete(declaration);
  const made = { interior, questions, holdsIn: new WeakSet([view]) };
  byFile.set(key, made);
  return made;
}
