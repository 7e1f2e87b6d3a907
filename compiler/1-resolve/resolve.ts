/** Finds the files of a program and the declaration that each top-level name stands for. */
import { lineAt, lineStarts, places, read as readText, type Reading, type Section } from "../../grammar/index.js";
import type {
  ConfigDeclaration,
  ImportDeclaration,
  RunDeclaration,
  TaskDeclaration,
  WeightsDeclaration,
} from "../../grammar/ast.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { isFull, problem, type Mark, type Problem, type ProblemDetails } from "../diagnostics/problem.js";
import { closest } from "../diagnostics/suggest.js";
import { standardLibrary } from "../std/index.js";
import { base, folder, isBelow, join } from "./paths.js";
import type { Declared, NamedDeclaration, Program, SourceFile } from "./program.js";
import { syntaxProblems } from "./syntax-problems.js";

/** The host's way to a file's text: `undefined` where there is none. */
export type Read = (path: string) => string | undefined;

/** How many files may import each other in a row. */
const importLimit = 100;

/** A file of a program while it is resolved: imports are added to it. */
interface OpenFile extends SourceFile {
  readonly declarations: Map<string, NamedDeclaration>;
  readonly imported: Map<string, Declared>;
  readonly lost: Set<string>;
}

/**
 * Puts together `entry`, read as `first`, and all it imports, which must lie below `root`. Never throws on what the files say.
 */
export function resolve(
  entry: string,
  first: Reading,
  read: (path: string) => Reading | undefined,
  root = folder(entry),
): Program {
  const problems: Problem[] = [];
  const files = new Map<string, OpenFile>();
  const loading: string[] = [];

  const load = (name: string, reading: Reading): OpenFile => {
    const file = readDeclarations(name, reading, problems);
    files.set(name, file);
    loading.push(name);
    for (const declaration of file.all) {
      if (declaration.kind === "import") follow(file, declaration);
    }
    loading.pop();
    return file;
  };

  const follow = (file: OpenFile, declaration: ImportDeclaration): void => {
    const mark: Mark = { file: file.name, span: declaration.from.span };
    const wanted = declaration.from.value;
    if (wanted === "std") {
      for (const { name, span } of declaration.names) {
        if (library.has(name) || isFull(problems)) continue;
        file.lost.add(name);
        const at: Mark = { file: file.name, span, label: "std has no such name" };
        problems.push(problem("N102", { name }, at, suggestion(at, name, library.keys())));
      }
      return;
    }
    const path = join(folder(file.name), wanted);
    const lose = (): void => declaration.names.forEach(({ name }) => file.lost.add(name));
    if (!wanted.endsWith(".tfm")) {
      lose();
      problems.push(
        problem("N105", { path: wanted, reason: "is not a .tfm file" }, mark, {
          help: 'import "std", or a path that ends in .tfm',
        }),
      );
      return;
    }
    if (wanted.startsWith("/") || !isBelow(path, root)) {
      const help = 'import "std", or a .tfm file of the project by its path from here';
      lose();
      problems.push(problem("N105", { path: wanted, reason: "lies outside the project" }, mark, { help }));
      return;
    }
    if (loading.length > importLimit) {
      lose();
      const reason = `is nested more than ${importLimit} imports deep`;
      problems.push(problem("N105", { path: wanted, reason }, mark, {}));
      return;
    }
    if (loading.includes(path)) {
      const cycle = [...loading.slice(loading.indexOf(path)), path].map(base).join(" -> ");
      lose();
      problems.push(problem("N103", { cycle }, mark, { help: "move what both need into a third file" }));
      return;
    }
    const known = files.get(path);
    const reading = known ? undefined : read(path);
    if (!known && !reading) {
      lose();
      problems.push(problem("N105", { path: wanted, reason: "cannot be read" }, mark, {}));
      return;
    }
    const other = known ?? (reading && load(path, reading));
    if (!other) return;
    for (const { name, span } of declaration.names) {
      const found = other.declarations.get(name);
      if (found) file.imported.set(name, { declaration: found, file: other });
      else {
        file.lost.add(name);
        if (isFull(problems)) continue;
        const at: Mark = { file: file.name, span, label: `${base(path)} does not declare it` };
        problems.push(problem("N102", { name }, at, suggestion(at, name, other.declarations.keys())));
      }
    }
  };

  const library = loadLibrary();
  const entryFile = load(entry, first);
  problems.push(...tasksAgain([...files.values()]));
  return { entry: entryFile, files, library, problems };
}

/** A model has its tasks by name, whichever files they stand in; a file comes before those that it imports, which are not to blame. */
function tasksAgain(files: readonly SourceFile[]): Problem[] {
  const declared = new Map<string, Mark>();
  return files.toReversed().flatMap((file) =>
    file.tasks.flatMap(({ name, model }) => {
      const key = `${model.name}.${name.name}`;
      const primary: Mark = { file: file.name, span: name.span };
      const earlier = declared.get(key);
      if (!earlier) declared.set(key, primary);
      return earlier ? [declaredAgain(name.name, primary, earlier)] : [];
    }),
  );
}

const declaredAgain = (name: string, primary: Mark, earlier: Mark): Problem =>
  problem("N104", { name }, primary, { secondary: [{ ...earlier, label: "first declared here" }] });

let libraryOnce: ReadonlyMap<string, Declared> | undefined;

/** The standard library never changes while a process runs: parsed once. */
export function loadLibrary(): ReadonlyMap<string, Declared> {
  if (libraryOnce) return libraryOnce;
  const library = new Map<string, Declared>();
  const problems: Problem[] = [];
  for (const [name, text] of standardLibrary) {
    const file = readDeclarations(name, readText(text), problems);
    for (const [key, declaration] of file.declarations) library.set(key, { declaration, file });
  }
  const first = problems[0];
  if (first) throw new Error(`the standard library does not parse: ${first.message} in ${first.primary?.file}`);
  libraryOnce = library;
  return library;
}

function readDeclarations(name: string, reading: Reading, problems: Problem[]): OpenFile {
  problems.push(...syntaxProblems(name, reading.problems));
  const declarations = new Map<string, NamedDeclaration>();
  const configs = new Map<string, ConfigDeclaration>();
  const tasks: TaskDeclaration[] = [];
  const weightsOf = new Map<string, WeightsDeclaration>();
  const runs: RunDeclaration[] = [];
  const declare = <D extends { name: { name: string; span: Mark["span"] } }>(into: Map<string, D>, declaration: D) => {
    const earlier = into.get(declaration.name.name);
    if (!earlier) return void into.set(declaration.name.name, declaration);
    const at = ({ name: { span } }: D): Mark => ({ file: name, span });
    problems.push(declaredAgain(declaration.name.name, at(declaration), at(earlier)));
  };
  const all = reading.sections.flatMap(({ declaration }) => declaration ?? []);
  for (const declaration of all) {
    switch (declaration.kind) {
      case "block":
      case "alias":
      case "function":
      case "index":
      case "outer":
        declare<NamedDeclaration>(declarations, declaration);
        break;
      case "config":
        declare(configs, declaration);
        break;
      case "task":
        tasks.push(declaration);
        break;
      case "weights":
        addFirst(weightsOf, declaration.model.name, declaration);
        break;
      case "run":
        if (declaration.keyword === "generate") runs.push(declaration);
        break;
      default:
        break;
    }
  }
  const generation = new Map<string, RunDeclaration>();
  const generationOf = new Map<string, RunDeclaration>();
  for (const run of runs) {
    const config = run.target[0]?.name ?? "";
    addFirst(generation, config, run);
    const model = configs.get(config)?.model.name;
    if (model !== undefined) addFirst(generationOf, model, run);
  }
  return {
    name,
    text: reading.code,
    all,
    declarations,
    outer: [...declarations].flatMap(([key, { kind }]) => (kind === "outer" ? [key] : [])),
    configs,
    tasks,
    tasksOf: groupedBy(tasks, ({ model }) => model.name),
    weightsOf,
    generation,
    generationOf,
    compressionsOf: groupedBy(
      all.filter((declaration) => declaration.kind === "compression"),
      ({ config }) => config.name,
    ),
    imported: new Map(),
    lost: new Set(reading.sections.flatMap((section) => wordsLostIn(reading, section))),
    lineOf: lineCounter(reading),
  };
}

/** Names that could not be read: they may be declared there. */
function wordsLostIn({ ledger }: Reading, { declaration, start, to }: Section): readonly string[] {
  return declaration || start >= to ? [] : (ledger.slice(start, to).match(/[A-Za-z_]\w*/g) ?? []);
}

function addFirst<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

function groupedBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

function lineCounter(reading: Reading): (offset: number) => number {
  const place = places(reading);
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(reading.text);
    return lineAt(starts, place({ start: offset, end: offset })?.start ?? 0) + 1;
  };
}

/** The nearest name as help: the label says already where it was looked for. */
function suggestion(at: Mark, name: string, candidates: Iterable<string>): ProblemDetails {
  const { label: help, fixes } = didYouMean(at, closest(name, candidates));
  return { help, fixes };
}
