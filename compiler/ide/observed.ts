/** What expressions mean, read again on demand: what the checker keeps of a definition are its named values alone. */
import type { ConfigDeclaration, Declaration, Span } from "../../grammar/ast.js";
import type { SourceFile } from "../1-resolve/program.js";
import { createContext, outerAtoms, readDeclaration } from "../2-check/check.js";
import type { Meaning } from "../2-check/meaning.js";
import { inner, type Observe, type Scope } from "../2-check/scope.js";
import { instantiate, modelOf } from "../3-lower/instantiate.js";
import type { Module } from "../ir/graph.js";
import type { Atom } from "../shapes/index.js";
import { nodesIn } from "./nodes-at.js";
import type { Snapshot } from "./snapshot.js";

/** One time that an expression, or a stage of a pipe, was read: what it meant, and what was in reach. */
export interface Seen {
  /** In masks and scores, as it was then. Elsewhere names may have been given again since. */
  readonly scope: Scope;
  readonly meaning: Meaning;
}

/** By the span of the tree: the object itself, since trees that stay keep it and others have the same numbers. */
export type SeenAt = ReadonlyMap<Span, readonly Seen[]>;

/** One reading of a model under a config: what was seen, and what came of it. */
export interface SeenUnder {
  readonly seen: SeenAt;
  /** Absent where the config has mistakes. */
  readonly module: Module | undefined;
  readonly numbers: ReadonlyMap<Atom, number>;
}

const definitions = remembering<SeenAt>();
const instances = remembering<SeenUnder>();

/** For every size: what the trees of a declaration mean where it is declared. Remembered while the snapshot is. */
export const seenAtDefinition = (snapshot: Snapshot, file: SourceFile, declaration: Declaration): SeenAt =>
  definitions(snapshot, `${file.name} ${declaration.span.start}`, () => readDefinition(snapshot, file, declaration));

/**
 * Under one config of the entry: what they mean each time that its model comes by. Nothing where the config has mistakes, or
 * never comes by.
 */
export const seenUnder = (snapshot: Snapshot, config: ConfigDeclaration, file: string, of: Declaration): SeenUnder =>
  instances(snapshot, `${config.name.name} ${file} ${of.span.start}`, () => readUnder(snapshot, config, of));

function readDefinition({ program }: Snapshot, file: SourceFile, declaration: Declaration): SeenAt {
  const { seen, observe } = observer(declaration);
  const isBlock =
    declaration.kind === "function" ||
    declaration.kind === "index" ||
    (declaration.kind === "block" && declaration.keyword === "block");
  const context = createContext(program, "definition", [], outerAtoms(program), isBlock);
  readDeclaration({ ...context, observe }, file, declaration);
  return seen;
}

function readUnder({ program, view }: Snapshot, config: ConfigDeclaration, of: Declaration): SeenUnder {
  const { seen, observe } = observer(of);
  const model = modelOf(program, program.entry, config.model.name);
  if (!model || view.doubtful.has(config)) return { seen, module: undefined, numbers: new Map() };
  const { module, numbers } = instantiate(program, program.entry, config, model, { observe });
  return { seen, module, numbers };
}

/** A layer that is written out is read as often as it stands; more than this tells a reader nothing. */
const limit = 64;

function observer(declaration: Declaration): { readonly seen: SeenAt; readonly observe: Observe } {
  const wanted = new Set(nodesIn(declaration).map(({ span }) => span));
  const seen = new Map<Span, Seen[]>();
  const observe: Observe = (scope, span, meaning) => {
    if (!wanted.has(span)) return;
    const all = seen.get(span) ?? [];
    seen.set(span, all);
    if (all.length < limit) all.push({ scope: scope.order ? inner(scope, {}) : scope, meaning });
  };
  return { seen, observe };
}

// --------------------------------------------------------------------------------------------------------- remembering

/** Each holds a graph: those of the places that the mouse was at last are enough. */
const fewest = 4;

function remembering<T>(): (snapshot: Snapshot, key: string, read: () => T) => T {
  const known = new WeakMap<Snapshot, Map<string, { readonly made: T }>>();
  return (snapshot, key, read) => {
    const all = known.get(snapshot) ?? new Map<string, { readonly made: T }>();
    known.set(snapshot, all);
    const kept = all.get(key) ?? { made: read() };
    all.delete(key);
    all.set(key, kept);
    for (const oldest of all.keys()) if (all.size > fewest) all.delete(oldest);
    return kept.made;
  };
}
