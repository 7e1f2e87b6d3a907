/** What a mask lets through, and what a score adds, as a picture: a grid of queries and keys. */
import type { ConfigDeclaration, Declaration, Expression, IndexDeclaration, Span } from "../../../grammar/ast.js";
import { inLedger } from "../../../grammar/index.js";
import type { SourceFile } from "../../1-resolve/program.js";
import type { Scope } from "../../2-check/scope.js";
import { nodesAt, type TreeNode } from "../nodes-at.js";
import { seenAtDefinition, seenUnder, type Seen, type SeenAt } from "../observed.js";
import type { Snapshot, Source } from "../snapshot.js";
import { gridOf, type Examples, type Grid } from "./grid.js";
import { gridSvg } from "./grid-svg.js";
import { gridText } from "./text.js";

export interface MaskPicture {
  /** The mask as it is written. */
  readonly source: string;
  /** Of the mask in the text. */
  readonly span: Span;
  /** Several where layers differ. */
  readonly grids: readonly Grid[];
  /** An SVG for light and dark. */
  readonly svg: string;
  /** The same in characters, for where no image can be shown. */
  readonly text: string;
  /** How to read it: one sentence. */
  readonly caption: string;
}

export interface PictureOptions {
  /** Whose numbers are put in; without it, or where the config says nothing, small examples. */
  readonly config?: ConfigDeclaration | undefined;
  /** Queries and keys; 12 if not given. */
  readonly positions?: number;
}

/** Layers of more kinds than this are not drawn beside each other. */
const kindLimit = 3;

/**
 * Of the mask or score at a place of the text: the part of it that is there, and the whole that it is a part of, if that is
 * another. Empty where there is none.
 */
export function maskPictures(
  snapshot: Snapshot,
  file: string,
  offset: number,
  { config, positions }: PictureOptions = {},
): MaskPicture[] {
  const source = snapshot.source(file);
  const section = source?.sectionAt(offset);
  if (!source || !section?.declaration) return [];
  const { declaration } = section;
  const candidates = expressionsAt(declaration, inLedger(section, offset));
  if (candidates.length === 0) return [];
  const under = config && seenUnder(snapshot, config, file, declaration).seen;
  const defined = seenAtDefinition(snapshot, source.file, declaration);
  return picturesOf(source, declaration, candidates, { defined, under, positions });
}

export interface Readings {
  readonly defined: SeenAt;
  readonly under: SeenAt | undefined;
  readonly positions?: number | undefined;
}

/** As `maskPictures`, of what has been read. */
export function picturesOf(
  source: Source,
  declaration: Declaration,
  candidates: readonly Expression[],
  { defined, under, positions = 12 }: Readings,
): MaskPicture[] {
  // What is declared for any width is drawn for any, whatever the config uses it with.
  const examples = declaration.kind === "index" ? examplesFor(declaration) : undefined;
  const drawn = candidates.flatMap((expression) => {
    const grids = (seen: SeenAt | undefined): Grid[] =>
      gridsOf(seen?.get(expression.span) ?? [], expression, positions, examples);
    const own = examples ? [] : grids(under);
    const found = own.length > 0 ? own : grids(defined);
    return found.length > 0 && !(found.every(isOne) && declaration.kind !== "index") ? [{ expression, found }] : [];
  });
  const [whole, part] = [drawn[0], drawn.at(-1)];
  return [part, part === whole ? undefined : whole].flatMap((each) => {
    const span = each && source.toText(each.expression.span);
    return each && span ? [pictureOf(source.file, span, each.expression, each.found)] : [];
  });
}

/** Outermost first. On the name of what a mask is given to, or of a declaration, that mask is meant. */
export function expressionsAt(declaration: Declaration, at: number): Expression[] {
  const path = nodesAt(declaration, at);
  if (declaration.kind === "index") {
    const head = at <= declaration.value.span.start && at <= declaration.name.span.end;
    return head ? [declaration.value] : [...path.flatMap(asExpression)];
  }
  const last = path.at(-1);
  const named = path.findLast((node) => node.kind === "argument" || node.kind === "setting");
  const onName = last?.kind === "identifier" && named && named.name === last;
  return [...path.flatMap(asExpression), ...(onName ? [named.value] : [])];
}

const asExpression = (node: TreeNode): Expression[] => {
  switch (node.kind) {
    case "name":
    case "binary":
    case "unary":
    case "call":
    case "subscript":
    case "conditional":
    case "boolean":
    case "pipe":
      return [node];
    default:
      return [];
  }
};

function gridsOf(seen: readonly Seen[], expression: Expression, positions: number, given?: Examples): Grid[] {
  const found = new Map<string, Grid>();
  for (const { scope, meaning } of seen) {
    if (scope.order === undefined || meaning.kind === "unknown") continue;
    const grid = gridOf(scope, expression, positions, given ?? examplesIn(scope));
    if (grid && !isPlain(grid, expression)) found.set(JSON.stringify([grid.cells, grid.stride]), grid);
    if (found.size === kindLimit) break;
  }
  return [...found.values()];
}

/** A part of a score that is one number for all, and a position by itself, are no picture. */
function isPlain(grid: Grid, { kind: of }: Expression): boolean {
  const [first] = grid.cells[0] ?? [];
  return isSame(grid) && (grid.kind === "score" || (of === "name" && first === undefined));
}

/** All is seen, or nothing. */
const isOne = (grid: Grid): boolean => isSame(grid) && grid.cells[0]?.[0] !== undefined;

const isSame = ({ cells }: Grid): boolean => new Set(cells.flat()).size === 1;

// ------------------------------------------------------------------------------------------------------------ examples

/** Small enough to be seen among few positions, and different from each other. */
const small = [4, 2, 3];

function examplesFor({ inputs }: IndexDeclaration): Examples {
  const whole = inputs.filter(({ type }) => type.name.name === "int");
  const real = new Map(
    inputs.flatMap(({ name, fallback }): [string, number][] =>
      fallback?.kind === "number" ? [[name.name, fallback.value]] : [],
    ),
  );
  return {
    whole: ({ name }) => {
      const n = whole.findIndex((input) => input.name.name === name);
      const { fallback } = whole[n] ?? {};
      return fallback?.kind === "number" ? fallback.value : (small[Math.max(n, 0)] ?? 4);
    },
    real: (name) => real.get(name) ?? 1,
  };
}

/** Defaults where entries have them; the first turn of a loop. */
const examplesIn = ({ context }: Scope): Examples => ({
  whole: (atom) => context.preferred.get(atom) ?? (atom.role === "loop" || atom.role === "entry" ? 0 : 4),
  real: () => 1,
});

// ------------------------------------------------------------------------------------------------------------- picture

function pictureOf(file: SourceFile, span: Span, { span: at }: Expression, grids: readonly Grid[]): MaskPicture {
  const source = file.text.slice(at.start, at.end).replace(/\s+/g, " ");
  return { source, span, grids, svg: gridSvg(grids), text: gridText(grids), caption: captionOf(grids, source) };
}

function captionOf(grids: readonly Grid[], source: string): string {
  const words = new Set(source.match(/\w+/g));
  const [first] = grids;
  // What tells the layers apart is not the same for all.
  const where = [...(first?.where ?? [])].filter(
    ([name, number]) => words.has(name) && grids.every((grid) => grid.where.get(name) === number),
  );
  const strides = new Set(grids.map(({ stride }) => stride).filter((stride) => stride > 1));
  const names = (all: readonly string[]): string => [...new Set(all)].map((name) => `\`${name}\``).join(", ");
  const along = grids.flatMap((grid) => grid.along);
  const unknown = grids.flatMap((grid) => grid.unknown);
  return [
    first?.kind === "score" ? "What a score of 0 becomes" : "Which keys `k` a query `q` sees",
    ...(grids.length > 1 ? ["layers differ"] : []),
    ...(grids.some(({ byHead }) => byHead) ? ["of the first head"] : []),
    ...(along.length > 0 ? [`at the last ${names(along)}`] : []),
    ...where.map(([name, number]) => `\`${name} = ${number}\``),
    ...(strides.size > 0 ? [`a cell for each ${[...strides].join(" or ")} positions`] : []),
    ...(unknown.length > 0 ? [`hatched: depends on ${names(unknown)}`] : []),
  ].join(", ");
}
