/** A file and all it imports, as they are and as they become: what is known of them is kept from one time to the next. */
import type { Declaration } from "../grammar/ast.js";
import { read as readText, reread, type Reading } from "../grammar/index.js";
import type { Program, SourceFile } from "./1-resolve/program.js";
import { resolve, type Read } from "./1-resolve/resolve.js";
import { watch } from "./1-resolve/watched.js";
import { createDefinitions, signatureText, type Definition, type Definitions } from "./2-check/definitions.js";
import { hasHitLimit } from "./2-check/effort.js";
import { affectedBy, usedBy } from "./2-check/mentions.js";
import { checkRecursion, type Nesting } from "./2-check/recursion.js";
import { checkNames } from "./check-names.js";
import { createConfigs, type Configs } from "./configs.js";
import { hasErrors, type Problem } from "./diagnostics/problem.js";
import { createMemory, eachOf } from "./memory/memory.js";
import { brokenIn, placer } from "./place-problems.js";
import { withoutEchoes } from "./without-echoes.js";

export interface Workspace {
  /** The program as it is now, all its definitions read; undefined where the entry cannot be read. */
  readonly look: () => View | undefined;
}

/** A program at one time. Its places are those that problems have before `place`. */
export interface View {
  readonly program: Program;
  readonly readings: ReadonlyMap<string, Reading>;
  /** What is wrong with the definitions, after what `program.problems` has said. */
  readonly problems: readonly Problem[];
  /** What the definitions are, of all that were read. */
  readonly definitions: ReadonlyMap<Declaration, Definition>;
  readonly configs: Configs;
  /** Names in a declaration, outside of any body, that mean nothing. */
  readonly misnamedIn: (file: string, declaration: Declaration) => readonly Problem[];
  /** Declarations with mistakes, and those that use one of them, however far away. */
  readonly doubtful: ReadonlySet<Declaration>;
  /** Problems where they are in the text. What could not be parsed is not blamed for what it might have said. */
  readonly place: (found: readonly Problem[]) => Problem[];
}

/** Imports must lie below `root`, the entry's own folder if not given. */
export function openWorkspace(entry: string, read: Read, root?: string): Workspace {
  const memory = createMemory();
  const readings = new Map<string, Reading>();
  const state: { now?: State } = {};
  const now = (): State => {
    if (!state.now) throw new Error("nothing has been read yet");
    return state.now;
  };
  const watched = watch(
    memory,
    () => now().program,
    (block) => signatureText(watched.whole, block),
  );
  const definitions = createDefinitions(memory, watched, () => now().nesting.recursive);
  const configs = createConfigs(memory, watched.whole, (config) => now().doubtful.has(config));
  const cellOf = <T>(read: (program: Program, file: SourceFile, declaration: Declaration) => readonly T[]) => {
    const cells = eachOf((declaration: Declaration, name: string) =>
      memory.derived(() => {
        const file = watched.whole.files.get(name);
        return file ? read(watched.whole, file, declaration) : [];
      }),
    );
    return (name: string, declaration: Declaration): readonly T[] => cells(declaration, name).read() ?? [];
  };
  const usesOf = cellOf(usedBy);
  const misnamedIn = cellOf(checkNames);

  const readFile = (path: string): Reading | undefined => {
    const text = read(path);
    const before = readings.get(path);
    if (text === undefined) return void readings.delete(path);
    const reading = before ? reread(before, text) : readText(text);
    readings.set(path, reading);
    return reading;
  };

  const look = (): View | undefined => {
    const first = readFile(entry);
    if (!first) return undefined;
    const program = resolve(entry, first, (path) => (path === entry ? first : readFile(path)), root);
    const nesting = checkRecursion(program);
    const used = new Map([...readings].filter(([name]) => program.files.has(name)));
    const broken = new Map([...used].map(([name, reading]) => [name, brokenIn(reading)]));
    state.now = { program, nesting, doubtful: new Set() };
    memory.advance();
    const { problems: found, wrong, read: all } = readDefinitions(program, nesting, definitions);
    const doubtful = affectedBy(
      program,
      new Set([...wrong, ...[...broken.values()].flat().map(({ declaration }) => declaration)]),
      usesOf,
    );
    state.now = { program, nesting, doubtful };
    return {
      program,
      readings: used,
      problems: [...nesting.problems, ...withoutEchoes(program, all, found)],
      definitions: all,
      configs,
      misnamedIn,
      doubtful,
      place: placer(used, broken),
    };
  };
  return { look };
}

interface State {
  readonly program: Program;
  readonly nesting: Nesting;
  readonly doubtful: ReadonlySet<Declaration>;
}

/** Those that are used come first, so that none has to wait in the middle of another; too much of anything ends it. */
function readDefinitions(
  program: Program,
  { levels, recursive, problems: nested }: Nesting,
  definitions: Definitions,
): { problems: Problem[]; wrong: Declaration[]; read: Map<Declaration, Definition> } {
  const read = new Map<Declaration, Definition>();
  const all = [...program.files.values()].flatMap((file) =>
    file.all.map((declaration) => ({ file, declaration, level: levelOf(declaration, levels) })),
  );
  // What nests too deep would be read at each of its levels.
  if (hasHitLimit(nested)) return { problems: [], wrong: all.map(({ declaration }) => declaration), read };
  const problems: Problem[] = [];
  const wrong: Declaration[] = [...recursive];
  const endless = new Set(wrong);
  for (const { file, declaration } of all.sort((a, b) => a.level - b.level)) {
    if (endless.has(declaration)) continue;
    const definition = definitions.of(file.name, declaration);
    read.set(declaration, definition);
    if (hasErrors(definition.problems)) wrong.push(declaration);
    problems.push(...definition.problems);
    if (hasHitLimit(problems)) break;
  }
  return { problems, wrong, read };
}

function levelOf(declaration: Declaration, levels: Nesting["levels"]): number {
  if (declaration.kind === "task" || declaration.kind === "config") return Infinity;
  return declaration.kind === "block" || declaration.kind === "alias" ? (levels.get(declaration) ?? 0) : 0;
}
