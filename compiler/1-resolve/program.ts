/** A program: the entry file, what it imports, and the standard library, with every declaration findable by name. */
import type {
  BlockAliasDeclaration,
  BlockDeclaration,
  ConfigDeclaration,
  File,
  FunctionDeclaration,
  IndexDeclaration,
  OuterDeclaration,
  TaskDeclaration,
} from "../../grammar/ast.js";
import type { Problem } from "../diagnostics/problem.js";

export type NamedDeclaration =
  BlockDeclaration | BlockAliasDeclaration | FunctionDeclaration | IndexDeclaration | OuterDeclaration;

export interface SourceFile {
  readonly name: string;
  readonly text: string;
  readonly tree: File;
  /** Blocks, functions, masks, scores and outer axes of this file. */
  readonly declarations: ReadonlyMap<string, NamedDeclaration>;
  readonly configs: ReadonlyMap<string, ConfigDeclaration>;
  readonly tasks: readonly TaskDeclaration[];
  /** Names that an `import` brings in. */
  readonly imported: Map<string, Declared>;
  /** Names whose import failed, which has been said: they are unknown, not wrong. */
  readonly lost: Set<string>;
}

/** A declaration with the file it stands in: marks point there and its free names are looked up there. */
export interface Declared<D extends NamedDeclaration = NamedDeclaration> {
  readonly declaration: D;
  readonly file: SourceFile;
}

export interface Program {
  readonly entry: SourceFile;
  readonly files: ReadonlyMap<string, SourceFile>;
  /** What the standard library offers by name, to every file. */
  readonly library: ReadonlyMap<string, Declared>;
  readonly problems: readonly Problem[];
}

/** What `name` means in `file`: its own declarations, then its imports, then the standard library. */
export function lookup(program: Program, file: SourceFile, name: string): Declared | undefined {
  const own = file.declarations.get(name);
  return own ? { declaration: own, file } : (file.imported.get(name) ?? program.library.get(name));
}

/** Every name that `lookup` would find, for suggestions. */
export function namesInScope(program: Program, file: SourceFile): string[] {
  return [...file.declarations.keys(), ...file.imported.keys(), ...program.library.keys()];
}
