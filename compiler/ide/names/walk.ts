/** A declaration while its names are read, in the order in which they come to be. */
import type { Declaration, Identifier, Input, Parameter, Span } from "../../../grammar/ast.js";
import type { Declared, SourceFile } from "../../1-resolve/program.js";
import { primitives } from "../../ops/index.js";
import { isTensor } from "./blocks.js";
import type { Sight } from "./sight.js";
import {
  declaredSymbol,
  memberSymbol,
  primitiveSymbol,
  wordSymbol,
  type Occurrence,
  type Symbol,
  type SymbolKind,
} from "./symbol.js";

/** Names by what they stand for. */
export type Names = Map<string, Symbol>;

/** What a declaration means by the names that it declares. */
export interface Interior {
  /** In the order of the text, a pun's value before its key; spans are those of the tree. */
  readonly occurrences: readonly Occurrence[];
  /** What expressions mean by a name, at the end of the body. */
  readonly names: ReadonlyMap<string, Symbol>;
  /** What an axis or a size of that name is. */
  readonly sizes: ReadonlyMap<string, Symbol>;
  readonly layers: ReadonlyMap<string, Symbol>;
  readonly entries: ReadonlyMap<string, Symbol>;
}

export interface Walk {
  readonly sight: Sight;
  readonly file: SourceFile;
  readonly declaration: Declaration;
  readonly found: Occurrence[];
  names: Names;
  readonly sizes: Names;
  readonly layers: Names;
  readonly weights: Names;
  readonly entries: Names;
  /** Names of branches and loops that have ended. */
  readonly ended: Names;
  /** How many things of one kind and name there are. */
  readonly turns: Map<string, number>;
  /** What a task goes on from. */
  readonly model: Interior | undefined;
  readonly tensors: ReadonlySet<number>;
}

export function createWalk(sight: Sight, file: SourceFile, declaration: Declaration, model?: Interior): Walk {
  return {
    sight,
    file,
    declaration,
    found: [],
    names: new Map(),
    sizes: new Map(),
    layers: new Map(),
    weights: new Map(),
    entries: new Map(),
    ended: new Map(),
    turns: new Map(),
    model,
    tensors: sight.tensorsOf(declaration),
  };
}

export function note(
  walk: Walk,
  span: Span,
  symbol: Symbol | undefined,
  role: Occurrence["role"] = "reads",
  more: Pick<Occurrence, "pun" | "beside"> = {},
): void {
  if (symbol) walk.found.push({ span, symbol, role, ...more });
}

export const word = (walk: Walk, { span, name }: Identifier, of: string): void =>
  note(walk, span, wordSymbol(name, of));

// ----------------------------------------------------------------------------------------------------------- declaring

/** A new thing, unlike earlier ones of its name. */
export function declare(walk: Walk, kind: SymbolKind, { name, span }: Identifier): Symbol {
  const turn = (walk.turns.get(`${kind} ${name}`) ?? 0) + 1;
  walk.turns.set(`${kind} ${name}`, turn);
  const symbol = memberSymbol(walk.file.name, walk.declaration, kind, name, turn);
  note(walk, span, symbol, "declares");
  return symbol;
}

export function declareSize(walk: Walk, name: Identifier): void {
  const symbol = declare(walk, "size", name);
  walk.sizes.set(name.name, symbol);
  walk.names.set(name.name, symbol);
}

export function declareEntry(walk: Walk, { name }: Parameter): void {
  const symbol = declare(walk, "entry", name);
  walk.entries.set(name.name, symbol);
  walk.sizes.set(name.name, symbol);
  walk.names.set(name.name, symbol);
}

export function declareInput(walk: Walk, input: Input): void {
  const symbol = declare(walk, "input", input.name);
  if (!isTensor(input)) walk.sizes.set(input.name.name, symbol);
  walk.names.set(input.name.name, symbol);
}

/** `x = ...` gives the name to a new value, or changes the one that has it. */
export function assign(walk: Walk, name: Identifier): void {
  const before = walk.names.get(name.name);
  if (before && before.kind !== "layer" && before.kind !== "counter") return note(walk, name.span, before, "writes");
  // A number called like an axis is the size of that axis.
  const axis = walk.tensors.has(name.span.start) ? undefined : walk.sizes.get(name.name);
  if (axis) note(walk, name.span, axis, "writes");
  const symbol = axis ?? declare(walk, "value", name);
  walk.names.set(name.name, symbol);
  if (!walk.tensors.has(name.span.start)) walk.sizes.set(name.name, symbol);
}

/** One label is one layer, however often it stands. */
export function declareLayer(walk: Walk, label: Identifier, isIndexed: boolean): void {
  const known = walk.layers.get(label.name);
  const symbol = known ?? declare(walk, "layer", label);
  if (known) note(walk, label.span, known, "writes");
  walk.layers.set(label.name, symbol);
  if (!isIndexed) walk.names.set(label.name, symbol);
}

/** Reads something in which names may come to be that end with it. */
export function inside(walk: Walk, read: () => void): Names {
  const before = walk.names;
  walk.names = new Map(before);
  read();
  const after = walk.names;
  walk.names = before;
  const own: Names = new Map();
  for (const [name, symbol] of after) {
    if (before.get(name) === symbol) continue;
    if (symbol.kind === "layer" && !before.has(name)) before.set(name, symbol);
    own.set(name, symbol);
    walk.ended.set(name, symbol);
  }
  return own;
}

// ------------------------------------------------------------------------------------------------------------- meaning

/** An axis, or the size of its name. One that nothing declares has its name from here. */
export function axis(walk: Walk, name: Identifier): void {
  const known = walk.sizes.get(name.name) ?? walk.model?.sizes.get(name.name) ?? outerAxis(walk, name.name);
  if (known) return note(walk, name.span, known);
  walk.sizes.set(name.name, declare(walk, "axis", name));
}

function outerAxis({ sight }: Walk, name: string): Symbol | undefined {
  const found = sight.outer(name);
  return found && declaredSymbol(found.file.name, found.declaration);
}

/** What an expression means by a name; `isCalled` where no number can be meant. */
export function meaningOf(walk: Walk, name: string, isCalled = false): Symbol | undefined {
  const own = walk.names.get(name) ?? walk.layers.get(name) ?? walk.model?.names.get(name);
  if (own) return own;
  const size = walk.sizes.get(name) ?? walk.model?.sizes.get(name);
  const declared = globalSymbol(walk, name);
  if (size && !(isCalled && declared)) return size;
  return outerAxis(walk, name) ?? declared ?? size ?? walk.ended.get(name) ?? constants.get(name);
}

const constants: ReadonlyMap<string, Symbol> = new Map([["inf", wordSymbol("inf", "number")]]);

/** What a name stands for outside of any declaration. */
export function globalSymbol({ sight, file }: Walk, name: string): Symbol | undefined {
  const found = sight.lookup(file, name);
  if (found) return declaredSymbol(found.file.name, found.declaration);
  return primitives.has(name) ? primitiveSymbol(name) : undefined;
}

/** A block by its name, where the name is not an entry's. */
export function blockNamed(walk: Walk, name: string): Symbol | undefined {
  return walk.names.get(name) ?? walk.model?.names.get(name) ?? globalSymbol(walk, name);
}

/** The function, mask or score that a symbol is. */
export function functionBehind(walk: Walk, symbol: Symbol | undefined): Declared | undefined {
  const isGlobal = symbol?.kind === "function" || symbol?.kind === "mask" || symbol?.kind === "score";
  return isGlobal ? walk.sight.lookup(walk.file, symbol.name) : undefined;
}
