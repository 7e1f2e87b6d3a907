/**
 * A program that is resolved anew after each edit, behind one that stays: what is read of it is noted in the memory, name by
 * name, so that an edit concerns those alone who looked up what it changed.
 */
import type { BlockDeclaration } from "../../grammar/ast.js";
import { Ledger } from "../../grammar/index.js";
import { eachOf, type Memory } from "../memory/memory.js";
import type { Declared, NamedDeclaration, Program, SourceFile, Table } from "./program.js";

/** What those who look up a block may read of it, and what it depends on, as a text. */
export type Firewall = (block: Declared<BlockDeclaration>) => string;

export interface Watched {
  /** Who looks up a declaration depends on all of it. */
  readonly whole: Program;
  /** Who looks up a block depends on what the firewall says of it alone. */
  readonly signatures: Program;
}

/** `current` gives the program as it is now. */
export function watch(memory: Memory, current: () => Program, firewall: Firewall): Watched {
  const signature = eachOf((declaration: BlockDeclaration, file: SourceFile) =>
    memory.derived(() => firewall({ declaration, file })),
  );
  return {
    whole: view(memory, current, (declaration) => declaration),
    signatures: view(memory, current, (declaration, file) =>
      declaration.kind === "block" ? signature(declaration, file).read() : declaration,
    ),
  };
}

const noText = Ledger.of("");

/** What a reader of a declaration depends on: another reading of the same must give the same. */
type Essence = (declaration: NamedDeclaration, file: SourceFile) => unknown;

function view(memory: Memory, current: () => Program, essence: Essence): Program {
  const all = memory.input(
    () => new Map([...current().files.keys()].map((name) => [name, file(name)])),
    (before, after) => sameItems([...before.keys()], [...after.keys()]),
  );
  const file = (name: string): SourceFile => files(name);
  const files = once((name: string) => viewFile(memory, () => current().files.get(name), name, file, essence));
  return {
    get entry() {
      return file(current().entry.name);
    },
    get files() {
      return all.read() ?? new Map<string, SourceFile>();
    },
    get library() {
      return current().library;
    },
    get problems() {
      return current().problems;
    },
  };
}

function viewFile(
  memory: Memory,
  current: () => SourceFile | undefined,
  name: string,
  file: (name: string) => SourceFile,
  essence: Essence,
): SourceFile {
  const table = <T>(
    pick: (source: SourceFile) => Table<T>,
    read: (found: T) => unknown = (found) => found,
    same: (before: unknown, after: unknown) => boolean = Object.is,
  ): Table<T> => {
    const now = (): Table<T> | undefined => {
      const source = current();
      return source && pick(source);
    };
    let before = now();
    const changed = (): string[] => {
      const [was, is] = [before, now()];
      before = is;
      if (was === is) return [];
      return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].filter(
        (key) => !same(was?.get(key), is?.get(key)),
      );
    };
    const one = memory.inputs((key) => now()?.get(key), changed, same);
    const essential = eachOf((key: string) =>
      memory.derived(() => {
        const found = one(key).read();
        return found && read(found);
      }, same),
    );
    const keys = memory.input(() => [...(now()?.keys() ?? [])].join("\n"));
    const list = memory.input(() => [...(now()?.values() ?? [])], sameItems);
    const get = (key: string): T | undefined => {
      essential(key).read();
      return now()?.get(key);
    };
    return {
      get,
      has: (key) => get(key) !== undefined,
      keys: () => {
        keys.read();
        return now()?.keys() ?? [];
      },
      values: () => list.read() ?? [],
    };
  };
  const lost = eachOf((key: string) => memory.input(() => current()?.lost.has(key) ?? false));
  const lines = eachOf((offset: string) => memory.input(() => current()?.lineOf(Number(offset)) ?? 1));
  const tasks = memory.input(() => current()?.tasks ?? [], sameItems);
  const outer = memory.input(() => current()?.outer ?? [], sameItems);
  const all = memory.input(() => current()?.all ?? [], sameItems);
  const own: SourceFile = {
    name,
    get text() {
      return current()?.text ?? noText;
    },
    get all() {
      return all.read() ?? [];
    },
    get outer() {
      return outer.read() ?? [];
    },
    get tasks() {
      return tasks.read() ?? [];
    },
    declarations: table(
      (source) => source.declarations,
      (found) => essence(found, own),
    ),
    configs: table((source) => source.configs),
    tasksOf: table((source) => source.tasksOf, undefined, sameLists),
    weightsOf: table((source) => source.weightsOf),
    generation: table((source) => source.generation),
    generationOf: table((source) => source.generationOf),
    compressionsOf: table((source) => source.compressionsOf, undefined, sameLists),
    imported: importedBy(table, file, essence),
    lost: { has: (key) => lost(key).read() ?? false },
    lineOf: (offset) => lines(String(offset)).read() ?? 1,
  };
  return own;
}

/** What comes from another file of the program stands there in the same view. */
function importedBy(
  table: <T>(pick: (source: SourceFile) => Table<T>, read: (found: T) => unknown) => Table<T>,
  file: (name: string) => SourceFile,
  essence: Essence,
): Table<Declared> {
  const inView = (found: Declared): Declared => ({ declaration: found.declaration, file: file(found.file.name) });
  const imported = table(
    (source) => source.imported,
    ({ declaration, file: { name } }) => essence(declaration, file(name)),
  );
  return {
    ...imported,
    get: (name) => {
      const found = imported.get(name);
      return found && inView(found);
    },
    values: () => [...imported.values()].map(inView),
  };
}

const sameLists = (before: unknown, after: unknown): boolean =>
  Array.isArray(before) && Array.isArray(after) ? sameItems(before, after) : before === after;

const sameItems = <T>(before: readonly T[], after: readonly T[]): boolean =>
  before.length === after.length && before.every((item, n) => item === after[n]);

function once<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const made = known.get(name) ?? make(name);
    known.set(name, made);
    return made;
  };
}
