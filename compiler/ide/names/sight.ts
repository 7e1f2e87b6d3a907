/**
 * A program as one declaration sees it. What is asked is noted with its answer, so that what was made of the answers can be kept
 * for as long as they stay the same.
 */
import type { ConfigDeclaration, Declaration, TaskDeclaration } from "../../../grammar/ast.js";
import { lookup, tasksOf, type Declared, type SourceFile } from "../../1-resolve/program.js";
import { loadLibrary } from "../../1-resolve/resolve.js";
import type { View } from "../../workspace.js";

export interface Sight {
  readonly lookup: (file: SourceFile, name: string) => Declared | undefined;
  /** What an import brings in, whether or not it is what the name means. */
  readonly imported: (file: SourceFile, name: string) => Declared | undefined;
  readonly tasksOf: (model: string) => readonly { readonly task: TaskDeclaration; readonly file: SourceFile }[];
  readonly config: (file: SourceFile, name: string) => ConfigDeclaration | undefined;
  /** An axis of independent examples, in whichever file of the program it is declared. */
  readonly outer: (name: string) => Declared | undefined;
  /** Where the values begin that are known to be tensors, in the ledger of the declaration's file. */
  readonly tensorsOf: (declaration: Declaration) => ReadonlySet<number>;
}

/** What was asked, with what the answer was made of: questions are asked again of a later program. */
interface Question {
  readonly ask: (view: View) => readonly unknown[];
  readonly answer: readonly unknown[];
}

export type Questions = Map<string, Question>;

/** Notes what is asked in `questions`. */
export function createSight(view: View, questions: Questions): Sight {
  const note = (key: string, ask: Question["ask"]): void => {
    if (!questions.has(key)) questions.set(key, { ask, answer: ask(view) });
  };
  return {
    lookup: (file, name) => {
      note(`lookup ${file.name} ${name}`, askLookup(file.name, name));
      return lookup(view.program, file, name);
    },
    imported: (file, name) => {
      note(`imported ${file.name} ${name}`, askImported(file.name, name));
      return file.imported.get(name);
    },
    config: (file, name) => {
      note(`config ${file.name} ${name}`, askConfig(file.name, name));
      return file.configs.get(name);
    },
    tasksOf: (model) => {
      note(`tasks ${model}`, askTasks(model));
      return tasksOf(view.program, model);
    },
    outer: (name) => {
      note(`outer ${name}`, askOuter(name));
      return outerIn(view, name);
    },
    tensorsOf: (declaration) => {
      note(`tensors ${declaration.kind} ${declaration.span.start}`, askShapes(declaration));
      const shapes = view.definitions.get(declaration)?.shapes ?? [];
      return new Set(shapes.flatMap(({ kind, span }) => (kind === "value" ? [span.start] : [])));
    },
  };
}

/** Whether all that was asked has the same answers now. */
export function isSame(view: View, questions: Questions): boolean {
  for (const { ask, answer } of questions.values()) {
    const now = ask(view);
    if (now.length !== answer.length || now.some((each, n) => each !== answer[n])) return false;
  }
  return true;
}

// Questions hold no program, which would then never be let go.

const askLookup =
  (file: string, name: string) =>
  ({ program }: View): readonly unknown[] => {
    const there = program.files.get(file) ?? libraryFile(file);
    const found = there && lookup(program, there, name);
    return [found?.declaration, found?.file.name];
  };

const askImported =
  (file: string, name: string) =>
  ({ program }: View): readonly unknown[] => {
    const found = program.files.get(file)?.imported.get(name);
    return [found?.declaration, found?.file.name];
  };

const askConfig =
  (file: string, name: string) =>
  ({ program }: View): readonly unknown[] => [program.files.get(file)?.configs.get(name)];

const askTasks =
  (model: string) =>
  ({ program }: View): readonly unknown[] =>
    tasksOf(program, model).flatMap(({ task, file }) => [task, file.name]);

const askOuter =
  (name: string) =>
  (view: View): readonly unknown[] => {
    const found = outerIn(view, name);
    return [found?.declaration, found?.file.name];
  };

const askShapes =
  (declaration: Declaration) =>
  ({ definitions }: View): readonly unknown[] => [definitions.get(declaration)?.shapes];

function outerIn({ program }: View, name: string): Declared | undefined {
  for (const file of program.files.values()) {
    const declaration = file.declarations.get(name);
    if (declaration?.kind === "outer") return { declaration, file };
  }
  const found = program.library.get(name);
  return found?.declaration.kind === "outer" ? found : undefined;
}

/** A file of the library by its name: `std/attention.tfm`. */
export function libraryFile(name: string): SourceFile | undefined {
  for (const { file } of loadLibrary().values()) if (file.name === name) return file;
  return undefined;
}
