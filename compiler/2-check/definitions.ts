/** Every definition of a program, read once for as long as it and what it looks up stay as they are. */
import type { BlockDeclaration, Declaration, Statement, TaskDeclaration } from "../../grammar/ast.js";
import { lookup, type Declared, type NamedDeclaration, type Program, type SourceFile } from "../1-resolve/program.js";
import { eachOf, type Memory } from "../memory/memory.js";
import type { Problem } from "../diagnostics/problem.js";
import { createContext, outerAtoms, readDeclaration, type Definite } from "./check.js";
import { sightOf, type Ending } from "./ending.js";
import type { NamedShape } from "./shapes-of.js";
import type { Atom } from "../shapes/index.js";
import type { Context } from "./scope.js";
import { kindsOf } from "./kinds.js";
import { noSummary, summaryKey, type Summary } from "./summaries.js";

export interface Definition extends Definite {
  readonly problems: readonly Problem[];
  readonly shapes: readonly NamedShape[];
}

export interface Definitions {
  readonly of: (file: string, declaration: Declaration) => Definition;
}

/** Two ways to look at one program: see `Watched`. `recursiveNow`: blocks that contain themselves demand nothing. */
export function createDefinitions(
  memory: Memory,
  { whole, signatures }: { readonly whole: Program; readonly signatures: Program },
  recursiveNow: () => ReadonlySet<NamedDeclaration>,
): Definitions {
  const outer = memory.derived(
    () => outerAtoms(signatures),
    (before, after) => [...before.keys()].join() === [...after.keys()].join(),
  );
  const recursive = memory.input(
    recursiveNow,
    (before, after) => before.size === after.size && [...before].every((each) => after.has(each)),
  );
  const definition = eachOf((declaration: Declaration, file: SourceFile) =>
    memory.derived((): Definition => {
      if (declaration.kind !== "task") return readFrom(declaration, file);
      const sight = sightBy(declaration, file.name).read();
      const found = readFrom(declaration, file, sight?.ending);
      if (found.problems.length === 0) return found;
      // What is wrong may be told with places of the model, which are those of its text as it is now.
      const ending = endingOf(declaration, file.name);
      return ending === sight?.ending ? found : readFrom(declaration, file, ending);
    }),
  );
  const readFrom = (declaration: Declaration, file: SourceFile, ending?: Ending): Definition => {
    const problems: Problem[] = [];
    const shapes: NamedShape[] = [];
    const isBlock =
      declaration.kind === "function" ||
      declaration.kind === "index" ||
      (declaration.kind === "block" && declaration.keyword === "block");
    const atoms = outer.read() ?? new Map<string, Atom>();
    const context: Context = {
      ...createContext(signatures, "definition", problems, atoms, isBlock, summaryOf),
      shapes,
    };
    const read = readDeclaration(context, file, declaration, ending);
    // Its tasks may read masks of a model once more, and say what is wrong with them where the model said it.
    return { ...read, problems: [...problems], shapes: [...shapes] };
  };
  const modelOf = (task: TaskDeclaration, file: string): Declared<BlockDeclaration> | undefined => {
    const there = whole.files.get(file);
    const found = there && lookup(whole, there, task.model.name);
    const inFile = found && files(found.file.name).read();
    return inFile && found.declaration.kind === "block" ? { declaration: found.declaration, file: inFile } : undefined;
  };
  const endingOf = (task: TaskDeclaration, file: string): Ending | undefined => {
    const model = modelOf(task, file);
    return model && definition(model.declaration, model.file).read()?.ending;
  };
  // A task goes on where its model ends: it is read again where that is another place to it.
  const sightBy = eachOf((task: TaskDeclaration, file: string) =>
    memory.derived(
      () => {
        const [model, ending] = [modelOf(task, file), endingOf(task, file)];
        return { ending, text: model && ending && sightOf(ending, task, model.declaration) };
      },
      (before, after) => before.text !== undefined && before.text === after.text,
    ),
  );
  // By name: who has looked up a block whose signature has not changed still means the one of before.
  const summary = eachOf((_: string, file: string, name: string) =>
    memory.derived(
      () => {
        const declaration = whole.files.get(file)?.declarations.get(name);
        if (declaration?.kind !== "block" || recursive.read()?.has(declaration)) return noSummary;
        return of(file, declaration).summary;
      },
      (before, after) => summaryKey(before) === summaryKey(after),
    ),
  );
  const summaryOf = ({ declaration, file }: Declared<BlockDeclaration>): Summary => {
    if (!file.name.startsWith("std/")) {
      const name = declaration.name.name;
      return summary(`${file.name}\n${name}`, file.name, name).read() ?? noSummary;
    }
    const found = librarySummaries.get(declaration) ?? definition(declaration, file).read()?.summary ?? noSummary;
    librarySummaries.set(declaration, found);
    return found;
  };
  const files = eachOf((name: string) => memory.derived(() => signatures.files.get(name)));
  const of = (name: string, declaration: Declaration): Definition => {
    const file = files(name).read();
    return (file && definition(declaration, file).read()) ?? nothing;
  };
  return { of };
}

const nothing: Definition = { problems: [], shapes: [], summary: noSummary };

/** The library never changes. */
const librarySummaries = new WeakMap<BlockDeclaration, Summary>();

/** All that those who apply a block may read of it before a config says more: its head, its weights, what its entries are. */
export function signatureText(program: Program, { declaration, file }: Declared<BlockDeclaration>): string {
  const { start } = declaration.span;
  const head = file.text.slice(start, declaration.body.span.start);
  const weights = weightsIn(declaration.body.statements).map(
    ({ span }) => `${span.start - start} ${file.text.slice(span.start, span.end)}`,
  );
  const kinds = [...kindsOf(program, file, declaration)].map(([name, kind]) => `${name}: ${kind}`);
  return [head, ...weights, ...kinds].join("\n");
}

function weightsIn(statements: readonly Statement[]): Statement[] {
  return statements.flatMap((statement): Statement[] => {
    if (statement.kind === "weight") return [statement];
    if (statement.kind !== "if") return [];
    const { then, otherwise } = statement;
    const rest = otherwise?.kind === "if" ? [otherwise] : (otherwise?.statements ?? []);
    return [...weightsIn(then.statements), ...weightsIn(rest)];
  });
}
