/** A file as it is being edited, with all that it imports, at one time: what every feature of an editor asks. */
import type { ConfigDeclaration, Declaration, Span } from "../../grammar/ast.js";
import { endOf, places, type Placed } from "../../grammar/index.js";
import type { Program, SourceFile } from "../1-resolve/program.js";
import { loadLibrary, type Read } from "../1-resolve/resolve.js";
import { definitionProblemsOf, problemsOf, shapesOf, type Shape } from "../check.js";
import type { Problem } from "../diagnostics/problem.js";
import { lower, type Lowered } from "../lower.js";
import { standardLibrary } from "../std/index.js";
import { openWorkspace, type View, type Workspace } from "../workspace.js";

/** Files under edit. What an edit does not touch is not read again. */
export interface Project {
  /** The file as `read` gives it now; undefined where it cannot be read. Asked again without an edit, it is the same. */
  readonly look: (entry: string) => Snapshot | undefined;
  /** Nothing more is asked of this file. */
  readonly close: (entry: string) => void;
}

/**
 * Valid until the file is looked at again after an edit. All offsets and spans are those of the text, but for what trees say of
 * themselves: see `Source`.
 */
export interface Snapshot {
  readonly entry: string;
  /** The folder that imports lie below, where it is not the entry's own. */
  readonly root: string | undefined;
  readonly view: View;
  readonly program: Program;
  /** In the order of the text, each once. */
  readonly problems: () => readonly Problem[];
  /** Those that are known before any config is read. */
  readonly definitionProblems: () => readonly Problem[];
  /** Of the values and the stages of pipes in a file, in the order of the text. */
  readonly shapes: (file: string) => readonly Shape[];
  /** A file of the program, or of the standard library: `std/attention.tfm`. */
  readonly source: (file: string) => Source | undefined;
  /** The entry under one of its configs; undefined where it has mistakes. */
  readonly lowered: (config: ConfigDeclaration) => Lowered | undefined;
}

/**
 * A file's text with its trees. Spans in trees point into what they were read from, which after an edit is no longer where
 * they are: `toText` tells that, and `inLedger` the other way round.
 */
export interface Source {
  readonly file: SourceFile;
  readonly text: string;
  /** All of the text, in order: a section is a declaration with the lines that belong to it, or lines that hold none. */
  readonly sections: readonly Placed[];
  /** The section whose lines hold an offset; at the end of the text the last. */
  readonly sectionAt: (offset: number) => Placed | undefined;
  /** Undefined for a tree that is in the text no longer. */
  readonly toText: (span: Span) => Span | undefined;
}

/** Imports must lie below `root`, the folder of the file that imports if not given. */
export function openProject(read: Read, root?: string): Project {
  const workspaces = new Map<string, Workspace>();
  const snapshots = new Map<string, Snapshot>();
  return {
    look: (entry) => {
      const workspace = workspaces.get(entry) ?? openWorkspace(entry, read, root);
      workspaces.set(entry, workspace);
      const view = workspace.look();
      const known = snapshots.get(entry);
      if (view && known && isSame(known.view, view)) return known;
      const snapshot = view && snapshotOf(entry, view, root);
      if (snapshot) snapshots.set(entry, snapshot);
      else snapshots.delete(entry);
      return snapshot;
    },
    close: (entry) => {
      workspaces.delete(entry);
      snapshots.delete(entry);
    },
  };
}

/** Readings are replaced, never changed. */
const isSame = ({ readings: before }: View, { readings: after }: View): boolean =>
  before.size === after.size && [...after].every(([name, reading]) => before.get(name) === reading);

function snapshotOf(entry: string, view: View, root: string | undefined): Snapshot {
  const { program } = view;
  let problems: readonly Problem[] | undefined;
  const shapes = new Map<string, { readonly made: readonly Shape[] }>();
  const sources = new Map<string, { readonly made: Source | undefined }>();
  const lowered = new Map<ConfigDeclaration, { readonly made: Lowered | undefined }>();
  return {
    entry,
    root,
    view,
    program,
    problems: () => (problems ??= problemsOf(view)),
    definitionProblems: () => definitionProblemsOf(view),
    shapes: (file) => remembered(shapes, file, () => shapesOf(view, file)),
    source: (file) => remembered(sources, file, () => sourceOf(view, file) ?? librarySource(file)),
    lowered: (config) =>
      remembered(lowered, config, () =>
        view.doubtful.has(config) ? undefined : lower(program, program.entry, config, {}).lowered,
      ),
  };
}

function remembered<K, V>(known: Map<K, { readonly made: V }>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found) return found.made;
  const made = make();
  known.set(key, { made });
  return made;
}

function sourceOf({ program, readings }: View, name: string): Source | undefined {
  const file = program.files.get(name);
  const reading = readings.get(name);
  if (!file || !reading) return undefined;
  const { text, sections } = reading;
  return { file, text, sections, sectionAt: (offset) => sectionAt(sections, offset), toText: places(reading) };
}

/** The library is never edited: its trees are where they were read. */
function librarySource(name: string): Source | undefined {
  const file = [...loadLibrary().values()].find((declared) => declared.file.name === name)?.file;
  const text = standardLibrary.get(name);
  if (!file || text === undefined) return undefined;
  const sections = file.all.map((declaration, n): Placed => {
    const from = n === 0 ? 0 : endOfDeclaration(text, file.all[n - 1]);
    const to = endOfDeclaration(text, declaration);
    const { start } = declaration.span;
    const length = to - from;
    return {
      declaration,
      owner: undefined,
      from,
      to,
      start,
      reach: length,
      isSound: true,
      at: from,
      length,
      lines: undefined,
    };
  });
  return {
    file,
    text,
    sections,
    sectionAt: (offset) => sectionAt(sections, offset),
    toText: (span) => span,
  };
}

function endOfDeclaration(text: string, declaration: Declaration | undefined): number {
  const end = text.indexOf("\n", declaration?.span.end ?? 0);
  return end < 0 ? text.length : end + 1;
}

function sectionAt(sections: readonly Placed[], offset: number): Placed | undefined {
  return sections.find((section) => section.at <= offset && offset < endOf(section)) ?? sections.at(-1);
}
