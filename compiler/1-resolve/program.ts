/** A program: the entry file, what it imports, and the standard library, with every declaration findable by name. */
import type {
  BlockAliasDeclaration,
  BlockDeclaration,
  CompressionDeclaration,
  ConfigDeclaration,
  Declaration,
  FunctionDeclaration,
  IndexDeclaration,
  OuterDeclaration,
  RunDeclaration,
  TaskDeclaration,
  WeightsDeclaration,
} from "../../grammar/ast.js";
import type { SourceText } from "../../grammar/index.js";
import type { Problem } from "../diagnostics/problem.js";

export type NamedDeclaration =
  BlockDeclaration | BlockAliasDeclaration | FunctionDeclaration | IndexDeclaration | OuterDeclaration;

/** Things by name, in the order they stand in. Of two that have one name, the first. */
export interface Table<T> {
  readonly get: (name: string) => T | undefined;
  readonly has: (name: string) => boolean;
  readonly keys: () => Iterable<string>;
  readonly values: () => Iterable<T>;
}

export interface SourceFile {
  readonly name: string;
  /**
   * What spans of the file's declarations point into: its text, and, after edits, what its declarations were read from. Remarks
   * are blanks, so that nothing depends on them.
   */
  readonly text: SourceText;
  /** All declarations in order. */
  readonly all: readonly Declaration[];
  /** Blocks, functions, masks, scores and outer axes of this file. */
  readonly declarations: Table<NamedDeclaration>;
  /** Names of outer axes. */
  readonly outer: readonly string[];
  readonly configs: Table<ConfigDeclaration>;
  readonly tasks: readonly TaskDeclaration[];
  /** By the name of the model. */
  readonly tasksOf: Table<readonly TaskDeclaration[]>;
  readonly weightsOf: Table<WeightsDeclaration>;
  /** How a config generates, by its own name, and by that of its model, for those that do not say it themselves. */
  readonly generation: Table<RunDeclaration>;
  readonly generationOf: Table<RunDeclaration>;
  /** By the name of the config. */
  readonly compressionsOf: Table<readonly CompressionDeclaration[]>;
  /** Names that an `import` brings in. */
  readonly imported: Table<Declared>;
  /** Names whose import failed, or that stand where nothing could be read, which has been said: they are unknown, not wrong. */
  readonly lost: { readonly has: (name: string) => boolean };
  /** The number of the line that a place is on, from 1. */
  readonly lineOf: (offset: number) => number;
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

/** The model's tasks, with the files they stand in: the entry's first. Of several with one name that one. */
export function tasksOf(program: Program, model: string): { task: TaskDeclaration; file: SourceFile }[] {
  const all = inOrder(program).flatMap((file) => (file.tasksOf.get(model) ?? []).map((task) => ({ task, file })));
  return all.filter(({ task }, n) => all.findIndex((other) => other.task.name.name === task.name.name) === n);
}

/** Where the model's weights come from, and the file that says so. */
export function weightsOf(
  program: Program,
  model: string,
): { declaration: WeightsDeclaration; file: SourceFile } | undefined {
  for (const file of program.files.values()) {
    const declaration = file.weightsOf.get(model);
    if (declaration) return { declaration, file };
  }
  return undefined;
}

function inOrder({ entry, files }: Program): SourceFile[] {
  return [entry, ...[...files.values()].filter((file) => file !== entry)];
}

/** Every name that `lookup` would find, for suggestions. */
export function namesInScope(program: Program, file: SourceFile): string[] {
  return [...file.declarations.keys(), ...file.imported.keys(), ...program.library.keys()];
}
