/** A place of the text, with all that is asked of it. */
import type { Apply, ConfigDeclaration, Declaration } from "../../../grammar/ast.js";
import { inLedger } from "../../../grammar/index.js";
import { symbolsAt } from "../names/occurrences.js";
import type { Occurrence } from "../names/symbol.js";
import { nodesAt, nodesIn, type TreeNode } from "../nodes-at.js";
import { seenAtDefinition, seenUnder, type SeenAt, type SeenUnder } from "../observed.js";
import type { Snapshot, Source } from "../snapshot.js";

export interface HoverOptions {
  /** The name of the config whose numbers are told; the first that says something if not given. */
  readonly config?: string | undefined;
  /** Whether the reader sees images; true if not given. Without, pictures are drawn in characters. */
  readonly images?: boolean;
}

export interface HoverPlace {
  readonly snapshot: Snapshot;
  readonly source: Source;
  readonly declaration: Declaration;
  readonly offset: number;
  /** As the tree has it. */
  readonly at: number;
  /** What is written there; the caller's own first where a pun is two things. */
  readonly occurrences: readonly Occurrence[];
  /** The trees at the offset, outermost first. */
  readonly path: readonly TreeNode[];
  readonly options: HoverOptions;
  /** What trees mean for every size. */
  readonly defined: () => SeenAt;
  /** Under the config of the reader's choice, of another declaration if asked; undefined where no config comes by there. */
  readonly under: (of?: { readonly declaration: Declaration; readonly file: string }) => Under | undefined;
}

/** What one config makes of a declaration. */
export interface Under extends SeenUnder {
  readonly config: ConfigDeclaration;
}

/** Configs tried, in the order of the file, before none is taken to reach this place. */
const configLimit = 3;

export function placeAt(
  snapshot: Snapshot,
  file: string,
  offset: number,
  options: HoverOptions,
): HoverPlace | undefined {
  const source = snapshot.source(file);
  const section = source?.sectionAt(offset);
  if (!source || !section?.declaration) return undefined;
  const { declaration } = section;
  const at = inLedger(section, offset);
  return {
    snapshot,
    source,
    declaration,
    offset,
    at,
    occurrences: symbolsAt(snapshot, file, offset),
    path: nodesAt(declaration, at),
    options,
    defined: () => seenAtDefinition(snapshot, source.file, declaration),
    under: (of = { declaration, file }) => readingOf(snapshot, of.file, of.declaration, options.config),
  };
}

function readingOf(
  snapshot: Snapshot,
  file: string,
  declaration: Declaration,
  wanted: string | undefined,
): Under | undefined {
  for (const config of configsFor(snapshot, declaration, wanted)) {
    const reading = seenUnder(snapshot, config, file, declaration);
    if (reading.seen.size > 0 || config.model.name === modelNamed(declaration)) return { ...reading, config };
  }
  return undefined;
}

/** Where a layer is applied by its label. */
export const layersNamed = (declaration: Declaration, name: string): Apply[] =>
  nodesIn(declaration).filter((node): node is Apply => node.kind === "apply" && labelOf(node) === name);

function labelOf({ label }: Apply): string | undefined {
  const named = label?.kind === "subscript" ? label.object : label;
  return named?.kind === "name" ? named.name : undefined;
}

/** The one that is wanted, then those of the declaration's own model, then others. */
export function configsFor(
  { program, view }: Snapshot,
  declaration: Declaration,
  wanted: string | undefined,
): ConfigDeclaration[] {
  const all = [...program.entry.configs.values()].filter((config) => !view.doubtful.has(config));
  const model = modelNamed(declaration);
  const rank = (config: ConfigDeclaration): number =>
    config === declaration ? 0 : config.name.name === wanted ? 1 : config.model.name === model ? 2 : 3;
  return all.toSorted((a, b) => rank(a) - rank(b)).slice(0, configLimit);
}

function modelNamed(declaration: Declaration): string | undefined {
  if (declaration.kind === "block") return declaration.name.name;
  return declaration.kind === "task" || declaration.kind === "weights" ? declaration.model.name : undefined;
}
