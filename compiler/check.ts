/** Everything that can be wrong with a file, and what its values are. */
import type { ConfigDeclaration, Span } from "../grammar/ast.js";
import { places } from "../grammar/index.js";
import type { SourceFile } from "./1-resolve/program.js";
import type { Read } from "./1-resolve/resolve.js";
import { hasHitLimit } from "./2-check/effort.js";
import { printType } from "./2-check/types.js";
import { runCheck, type CountOf } from "./3-lower/checks.js";
import type { Configs } from "./configs.js";
import { hasErrors, problem, type Problem } from "./diagnostics/problem.js";
import { inOrder } from "./in-order.js";
import { openWorkspace, type View, type Workspace } from "./workspace.js";

export interface Checked {
  /** In the order of the text, each once. */
  readonly problems: readonly Problem[];
  /** What the values of a file of the program are, in the order of the text; of the entry if none is named. */
  readonly shapes: (file?: string) => readonly Shape[];
}

/** What a value is for every config and every input: `f32[batch, seq, 4*d]`. */
export interface Shape {
  /** The value that the statement gives a name to, or what comes out of the stage of a pipe. */
  readonly kind: "value" | "stage";
  /** The name, or the stage. */
  readonly span: Span;
  readonly type: string;
}

/** Checks files again and again, as an editor does. What an edit does not touch is not checked again. */
export interface Checker {
  /** The file and all that it imports, as `read` gives them now. */
  readonly check: (entry: string) => Checked;
}

/** Imports must lie below `root`, the folder of the file that is checked if not given. */
export function createChecker(read: Read, root?: string): Checker {
  const workspaces = new Map<string, Workspace>();
  return {
    check: (entry) => {
      const workspace = workspaces.get(entry) ?? openWorkspace(entry, read, root);
      workspaces.set(entry, workspace);
      const view = workspace.look();
      if (!view) return unreadable(entry);
      return { problems: problemsOf(view), shapes: (file = entry) => shapesOf(view, file) };
    },
  };
}

/** Everything that can be wrong with a file, for all configurations and for each that it declares. */
export function check(entry: string, read: Read, root?: string): Checked {
  return createChecker(read, root).check(entry);
}

export function unreadable(entry: string): Checked {
  return {
    problems: [problem("N105", { path: entry, reason: "cannot be read" }, undefined)],
    shapes: () => [],
  };
}

/** What is wrong whatever the configs say: known before any of these is read. */
export const definitionProblemsOf = ({ program, problems, place }: View): Problem[] =>
  inOrder(place([...program.problems, ...problems]));

export function problemsOf({ program, problems, configs, misnamedIn, doubtful, place }: View): Problem[] {
  const found = [...program.problems, ...problems];
  for (const file of program.files.values()) {
    const wrong = new Set<ConfigDeclaration>();
    for (const config of file.configs.values()) {
      if (hasHitLimit(found)) return inOrder(place(found));
      const own = configs.of(file.name, config).problems;
      if (doubtful.has(config) || hasErrors(own)) wrong.add(config);
      found.push(...own);
    }
    found.push(...uselessRules(file, configs));
    const countOf: CountOf = (there, config, task) =>
      wrong.has(config) ? undefined : configs.countOf(there.name, config, task);
    for (const declaration of file.all) {
      found.push(...misnamedIn(file.name, declaration));
      if (declaration.kind === "check") found.push(...runCheck(program, file, declaration, countOf));
    }
  }
  return inOrder(place(found));
}

/** A rule that no config of its model has a weight for says something else than was meant. */
function uselessRules(file: SourceFile, configs: Configs): Problem[] {
  const byModel = new Map<string, ConfigDeclaration[]>();
  for (const config of file.configs.values())
    byModel.set(config.model.name, [...(byModel.get(config.model.name) ?? []), config]);
  return file.all.flatMap((declaration) => {
    // A config that could not be read may have a weight for it.
    if (declaration.kind !== "weights" || file.lost.has(declaration.model.name)) return [];
    const all = (byModel.get(declaration.model.name) ?? []).map((config) => configs.of(file.name, config).unused);
    return declaration.rules.flatMap((rule) => {
      if (rule.kind !== "address-rule" || !all.every((unused) => unused.has(rule))) return [];
      return all.at(-1)?.get(rule) ?? [];
    });
  });
}

export function shapesOf({ program, readings, definitions }: View, name: string): Shape[] {
  const reading = readings.get(name);
  const place = reading && places(reading);
  const shapes = (program.files.get(name)?.all ?? []).flatMap((declaration) =>
    (definitions.get(declaration)?.shapes ?? []).flatMap(({ kind, span, type }): Shape[] => {
      const placed = place?.(span);
      return placed ? [{ kind, span: placed, type: printType(type) }] : [];
    }),
  );
  // What is read twice, under different facts, was last read with what is known after both.
  const last = new Map(shapes.map((shape) => [`${shape.kind} ${shape.span.start} ${shape.span.end}`, shape]));
  return [...last.values()].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
}
