/** What a name stands for, and the places where it is written. */
import type { Declaration, Identifier, Span } from "../../../grammar/ast.js";

export type SymbolKind =
  | "block"
  | "model"
  | "alias"
  | "task"
  | "function"
  | "mask"
  | "score"
  | "outer"
  | "config"
  | "entry"
  | "input"
  | "size"
  | "value"
  | "layer"
  | "weight"
  | "state"
  | "counter"
  /** An axis that has its name from where it is first written: `j` in `x[i -> j]`. */
  | "axis"
  | "primitive"
  /** A name that the language gives a meaning: `f32`, `q` in a mask, `scale` of an attend. */
  | "word";

export interface Symbol {
  /** The same for all places where the same thing is meant, in whatever file, and for no other thing. */
  readonly key: string;
  readonly kind: SymbolKind;
  readonly name: string;
  /** Where it is declared; empty for primitives and words. */
  readonly file: string;
  /** What declares it, or what it is declared in; undefined for primitives and words. */
  readonly declaration: Declaration | undefined;
  /** The name of the declaration that it is declared in; undefined for what a file declares. */
  readonly owner: string | undefined;
}

export interface Occurrence {
  readonly span: Span;
  readonly symbol: Symbol;
  readonly role: "declares" | "writes" | "reads";
  /** In `{heads}` one word is the callee's entry and the caller's own value: which of the two this occurrence is. */
  readonly pun?: "key" | "value";
  /** In `{heads: n}`, the other of the two names: they could become a pun. */
  readonly beside?: Identifier;
}

/** The kinds that a file declares by themselves. */
export type DeclaredKind = "block" | "model" | "alias" | "task" | "function" | "mask" | "score" | "outer" | "config";

type Named = Extract<Declaration, { name: unknown }>;

/** Of a declaration with a name of its own. */
export function declaredSymbol(file: string, declaration: Named): Symbol {
  const { name } = declaration.name;
  return { key: ownerKey(file, declaration), kind: kindOf(declaration), name, file, declaration, owner: undefined };
}

function kindOf(declaration: Named): DeclaredKind {
  switch (declaration.kind) {
    case "block":
    case "index":
      return declaration.keyword;
    default:
      return declaration.kind;
  }
}

/** What tells a declaration's members from those of others. */
export function ownerKey(file: string, declaration: Declaration): string {
  switch (declaration.kind) {
    case "config":
      return `${file}/config ${declaration.name.name}`;
    case "task":
      return `${file}/task ${declaration.model.name}.${declaration.name.name}`;
    default:
      return "name" in declaration ? `${file}/${declaration.name.name}` : file;
  }
}

/** Something declared inside of a declaration. `turn` counts those of one kind and name. */
export function memberSymbol(file: string, declaration: Declaration, kind: SymbolKind, name: string, turn = 1): Symbol {
  const key = `${ownerKey(file, declaration)}.${kind} ${name}${turn > 1 ? ` ${turn}` : ""}`;
  return { key, kind, name, file, declaration, owner: "name" in declaration ? declaration.name.name : undefined };
}

/** A word of the language, or a primitive; `of` is what gives the word its meaning. */
export function wordSymbol(name: string, of: string): Symbol {
  return { key: `word ${of} ${name}`, kind: "word", name, file: "", declaration: undefined, owner: of };
}

export function primitiveSymbol(name: string): Symbol {
  return { key: `primitive ${name}`, kind: "primitive", name, file: "", declaration: undefined, owner: undefined };
}
