/** Finds the files of a program and the declaration that each top-level name stands for. */
import { parse } from "../../grammar/index.js";
import type { ConfigDeclaration, ImportDeclaration, TaskDeclaration } from "../../grammar/ast.js";
import { problem, type Mark, type Problem } from "../diagnostics/problem.js";
import { closest } from "../diagnostics/suggest.js";
import { standardLibrary } from "../std/index.js";
import type { Declared, NamedDeclaration, Program, SourceFile } from "./program.js";

/** The host's way to a file's text: `undefined` where there is none. */
export type Read = (path: string) => string | undefined;

/** Reads `entry` and all it imports. Never throws on what the files say. */
export function resolve(entry: string, text: string, read: Read): Program {
  const problems: Problem[] = [];
  const files = new Map<string, SourceFile>();
  const loading: string[] = [];

  const load = (name: string, source: string): SourceFile => {
    const file = readDeclarations(name, source, problems);
    files.set(name, file);
    loading.push(name);
    for (const declaration of file.tree.declarations) {
      if (declaration.kind === "import") follow(file, declaration);
    }
    loading.pop();
    return file;
  };

  const follow = (file: SourceFile, declaration: ImportDeclaration): void => {
    const mark: Mark = { file: file.name, span: declaration.from.span };
    const wanted = declaration.from.value;
    if (wanted === "std") {
      for (const { name, span } of declaration.names) {
        if (library.has(name)) continue;
        file.lost.add(name);
        const help = suggestion(name, [...library.keys()]);
        problems.push(problem("N102", { name }, { file: file.name, span, label: "std has no such name" }, { help }));
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
    if (!isBelow(path, folder(entry))) {
      const help = 'import "std", or a .tfm file in the folder of the file that is compiled, or below it';
      lose();
      problems.push(problem("N105", { path: wanted, reason: "lies outside the project" }, mark, { help }));
      return;
    }
    if (loading.includes(path)) {
      const cycle = [...loading.slice(loading.indexOf(path)), path].map(base).join(" -> ");
      lose();
      problems.push(problem("N103", { cycle }, mark, { help: "move what both need into a third file" }));
      return;
    }
    const known = files.get(path);
    const source = known ? known.text : read(path);
    if (source === undefined) {
      lose();
      problems.push(problem("N105", { path: wanted, reason: "cannot be read" }, mark, {}));
      return;
    }
    const other = known ?? load(path, source);
    for (const { name, span } of declaration.names) {
      const found = other.declarations.get(name);
      if (found) file.imported.set(name, { declaration: found, file: other });
      else {
        file.lost.add(name);
        const help = suggestion(name, [...other.declarations.keys()]);
        const label = `${base(path)} does not declare it`;
        problems.push(problem("N102", { name }, { file: file.name, span, label }, { help }));
      }
    }
  };

  const library = loadLibrary();
  const entryFile = load(entry, text);
  return { entry: entryFile, files, library, problems };
}

let libraryOnce: ReadonlyMap<string, Declared> | undefined;

/** The standard library never changes while a process runs: parsed once. */
function loadLibrary(): ReadonlyMap<string, Declared> {
  if (libraryOnce) return libraryOnce;
  const library = new Map<string, Declared>();
  const problems: Problem[] = [];
  for (const [name, text] of standardLibrary) {
    const file = readDeclarations(name, text, problems);
    for (const [key, declaration] of file.declarations) library.set(key, { declaration, file });
  }
  const first = problems[0];
  if (first) throw new Error(`the standard library does not parse: ${first.message} in ${first.primary?.file}`);
  libraryOnce = library;
  return library;
}

function readDeclarations(name: string, text: string, problems: Problem[]): SourceFile {
  const parsed = parse(text);
  for (const { found, expected, span, help } of parsed.problems) {
    problems.push(problem("S001", { found, expected }, { file: name, span }, { help }));
  }
  const declarations = new Map<string, NamedDeclaration>();
  const configs = new Map<string, ConfigDeclaration>();
  const tasks: TaskDeclaration[] = [];
  const declare = <D extends { name: { name: string; span: Mark["span"] } }>(into: Map<string, D>, declaration: D) => {
    const earlier = into.get(declaration.name.name);
    if (!earlier) return void into.set(declaration.name.name, declaration);
    const primary: Mark = { file: name, span: declaration.name.span };
    const secondary: Mark[] = [{ file: name, span: earlier.name.span, label: "first declared here" }];
    problems.push(problem("N104", { name: declaration.name.name }, primary, { secondary }));
  };
  for (const declaration of parsed.file.declarations) {
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
      default:
        break;
    }
  }
  return { name, text, tree: parsed.file, declarations, configs, tasks, imported: new Map(), lost: new Set() };
}

function suggestion(name: string, candidates: readonly string[]): string | undefined {
  const near = closest(name, candidates);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

const folder = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");
const base = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const isBelow = (path: string, root: string): boolean =>
  root === "" ? !/^(\/|\.\.(\/|$))/.test(path) : path.startsWith(`${root}/`);

/** Joins with `.` and `..` resolved, so that one file has one name. */
function join(root: string, relative: string): string {
  const parts = root === "" ? [] : root.split("/");
  for (const part of relative.split("/")) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
