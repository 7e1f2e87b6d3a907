/** Which blocks and functions put which others to use. */
import type { Declaration, Span } from "../../grammar/ast.js";
import { occurrencesOf, snapshotFor } from "./names/everywhere.js";
import { declarationOf, docOf, occurrencesIn, symbolsAt } from "./names/occurrences.js";
import { signatureOf } from "./names/signature-text.js";
import { declaredSymbol, type Occurrence, type Symbol, type SymbolKind } from "./names/symbol.js";
import type { Snapshot } from "./snapshot.js";

/** A definition, or what else has blocks applied in it. */
export interface Caller {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly detail: string;
  readonly file: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly doc: string | undefined;
}

export interface Calls {
  readonly other: Caller;
  /** In the file of the caller. */
  readonly ranges: readonly Span[];
}

const callable: ReadonlySet<SymbolKind> = new Set(["block", "model", "alias", "function", "mask", "score", "task"]);

/** What is under the cursor, if it is something that can be applied; else the definition that holds the cursor. */
export function prepareCallHierarchy(snapshot: Snapshot, file: string, offset: number): Caller | undefined {
  const under = symbolsAt(snapshot, file, offset).find(({ symbol }) => callable.has(symbol.kind));
  const around = snapshot.source(file)?.sectionAt(offset)?.declaration;
  const symbol = under?.symbol ?? (around && symbolOf(file, around));
  return symbol && callerOf(snapshot, symbol);
}

/** Who applies it, in all files. */
export function callers(snapshots: readonly Snapshot[], file: string, offset: number): readonly Calls[] {
  const target = symbolAtName(snapshots, file, offset);
  const found = new Map<string, { readonly other: Caller; readonly ranges: Span[] }>();
  for (const { file: where, span, role } of target ? occurrencesOf(snapshots, [target]) : []) {
    const snapshot = snapshotFor(snapshots, where);
    const around = snapshot?.source(where)?.sectionAt(span.start)?.declaration;
    const symbol = around && symbolOf(where, around);
    const other = snapshot && symbol && role !== "declares" ? callerOf(snapshot, symbol) : undefined;
    if (!symbol || !other) continue;
    const known = found.get(symbol.key);
    if (known) known.ranges.push(span);
    else found.set(symbol.key, { other, ranges: [span] });
  }
  return [...found.values()];
}

/** What it applies itself. */
export function callees(snapshots: readonly Snapshot[], file: string, offset: number): readonly Calls[] {
  const snapshot = snapshotFor(snapshots, file);
  const declaration = symbolAtName(snapshots, file, offset)?.declaration;
  if (!snapshot || !declaration) return [];
  const groups = new Map<string, Occurrence[]>();
  for (const occurrence of occurrencesIn(snapshot, file, declaration)) {
    const { symbol, role } = occurrence;
    if (!callable.has(symbol.kind) || role === "declares" || symbol.kind === "task") continue;
    groups.set(symbol.key, [...(groups.get(symbol.key) ?? []), occurrence]);
  }
  return [...groups.values()].flatMap((group): Calls[] => {
    const other = group[0] && callerOf(snapshot, group[0].symbol);
    return other ? [{ other, ranges: group.map(({ span }) => span) }] : [];
  });
}

/** What is declared by the name at an offset. */
function symbolAtName(snapshots: readonly Snapshot[], file: string, offset: number): Symbol | undefined {
  const snapshot = snapshotFor(snapshots, file);
  const found = snapshot && symbolsAt(snapshot, file, offset).find(({ symbol }) => callable.has(symbol.kind));
  return found?.symbol;
}

function symbolOf(file: string, declaration: Declaration): Symbol | undefined {
  if (!("name" in declaration)) return undefined;
  const symbol = declaredSymbol(file, declaration);
  return callable.has(symbol.kind) ? symbol : undefined;
}

function callerOf(snapshot: Snapshot, symbol: Symbol): Caller | undefined {
  const place = declarationOf(snapshot, symbol);
  const source = place && snapshot.source(place.file);
  if (!place || !source) return undefined;
  const { declaration, file, span, nameSpan } = place;
  const detail = signatureOf(source.file, declaration);
  return { name: symbol.name, kind: symbol.kind, detail, file, span, nameSpan, doc: docOf(declaration) };
}
