/** Another name for what is under the cursor, wherever it is meant. Refused where anything else would change. */
import { isHardKeyword } from "../../../grammar/tokens.js";
import type { Span } from "../../../grammar/ast.js";
import type { Edit } from "../../diagnostics/edit.js";
import type { Problem } from "../../diagnostics/problem.js";
import { occurrencesOf, snapshotFor } from "../names/everywhere.js";
import { occurrencesIn, symbolAt, symbolsAt } from "../names/occurrences.js";
import type { Symbol, SymbolKind } from "../names/symbol.js";
import type { Snapshot } from "../snapshot.js";
import { snapshotsAfter } from "./edited.js";
import { renamingEdits } from "./edits.js";
import { movedWeights, rulesThatKeep } from "./keep-tensor-names.js";
import { differenceOf } from "./same-meaning.js";
import { placementsOf, type Placement } from "./tensor-names.js";

/** Why a name stays as it is, for the user to read. */
export interface Refusal {
  readonly refused: string;
}

export interface Renaming {
  readonly edits: readonly Edit[];
  /** Rules of `weights` by which the tensors of checkpoints keep their names. Where one begins at an edit, it goes before it. */
  readonly rules: readonly Edit[];
}

export interface Renamable {
  readonly span: Span;
  readonly name: string;
}

/** The name that would be changed; undefined where there is none. */
export function prepareRename(
  snapshots: readonly Snapshot[],
  file: string,
  offset: number,
): Renamable | Refusal | undefined {
  const snapshot = snapshotFor(snapshots, file);
  const found = snapshot && symbolAt(snapshot, file, offset);
  if (!found) return undefined;
  const refused = fixed(found.symbol);
  return refused === undefined ? { span: found.span, name: found.symbol.name } : { refused };
}

/**
 * `snapshots`: one of each file of the project. The edits are of their texts, do not overlap, and those of `rules` belong to
 * them. What is edited is checked before it is told: it has no error that was not there, and each name means what it meant.
 */
export function rename(snapshots: readonly Snapshot[], file: string, offset: number, name: string): Renaming | Refusal {
  const snapshot = snapshotFor(snapshots, file);
  const symbol = snapshot && symbolAt(snapshot, file, offset)?.symbol;
  if (!symbol) return { refused: "there is no name here" };
  const symbols = renamedWith(snapshots, symbol);
  const refused = symbols.map(fixed).find((reason) => reason !== undefined) ?? unfit(symbol, name);
  if (refused !== undefined) return { refused };
  if (name === symbol.name) return { edits: [], rules: [] };
  const edits = renamingEdits(occurrencesOf(snapshots, symbols), name);
  const concerned = snapshots.filter(({ program }) => edits.some((edit) => program.files.has(edit.file)));
  const after = snapshotsAfter(concerned, edits);
  const clash = clashOf(concerned, after, name);
  if (clash !== undefined) return { refused: clash };
  const rules = symbols.some(({ kind }) => kind === "layer" || kind === "weight")
    ? rulesFor(concerned, edits, after)
    : [];
  if ("refused" in rules) return rules;
  // Rules have been tried already.
  const error = rules.length === 0 ? newError(concerned, after) : undefined;
  return error ? { refused: `with the name \`${name}\`, this would be wrong: ${error.message}` } : { edits, rules };
}

/**
 * One place may mean several: a config sets the entries of all its model's tasks, and a label that two of them give is one name
 * in a checkpoint. They keep one name.
 */
function renamedWith(snapshots: readonly Snapshot[], first: Symbol): readonly Symbol[] {
  const symbols = new Map([[first.key, first]]);
  for (const symbol of symbols.values()) {
    for (const { file, span, pun } of occurrencesOf(snapshots, [symbol])) {
      const snapshot = snapshotFor(snapshots, file);
      const here = snapshot ? symbolsAt(snapshot, file, span.start) : [];
      // The two sides of a pun may part.
      for (const other of here)
        if (other.pun === pun && !symbols.has(other.symbol.key)) symbols.set(other.symbol.key, other.symbol);
    }
  }
  return [...symbols.values()];
}

// ------------------------------------------------------------------------------------------------------------ refusing

function fixed({ kind, name, file }: Symbol): string | undefined {
  if (kind === "word") return `\`${name}\` is a word of the language`;
  if (kind === "primitive") return `\`${name}\` is a primitive of the language`;
  return file.startsWith("std/") ? `\`${name}\` is declared in the standard library, ${file}` : undefined;
}

function unfit({ kind, name: old }: Symbol, name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `\`${name}\` is no name: names are made of a-z, A-Z, 0-9 and _`;
  if (isHardKeyword(name)) return `\`${name}\` is a keyword`;
  if (name === "__proto__") return `no object of JavaScript can have the name \`${name}\``;
  const isUpper = /^[A-Z]/.test(old);
  if (isUpper === /^[A-Z]/.test(name)) return undefined;
  return isUpper
    ? `${kindNames[kind]} starts with an upper-case letter: it owns weights`
    : `${kindNames[kind]} starts with a lower-case letter`;
}

const kindNames: Readonly<Record<SymbolKind, string>> = {
  block: "a block",
  model: "a model",
  alias: "a block",
  task: "a task",
  function: "a function",
  mask: "a mask",
  score: "a score",
  outer: "an outer axis",
  config: "a config",
  entry: "a config entry",
  input: "an input",
  size: "a size",
  value: "a value",
  layer: "a layer",
  weight: "a weight",
  state: "a cell",
  counter: "a counter",
  axis: "an axis",
  primitive: "a primitive",
  word: "a word of the language",
};

/** What has the name already, or would be meant by it instead. */
function clashOf(
  before: readonly Snapshot[],
  after: readonly (Snapshot | undefined)[],
  name: string,
): string | undefined {
  for (const [n, snapshot] of before.entries()) {
    const now = after[n];
    const difference = now && differenceOf(snapshot, now);
    if (!difference) continue;
    const had = [...snapshot.program.files.keys()]
      .flatMap((file) => occurrencesIn(snapshot, file))
      .find((one) => one.symbol.key === difference.after?.key);
    const other = [difference.before, had?.symbol, difference.after].find((one) => one?.name === name);
    const owner = other?.owner === undefined || other.kind === "word" ? "" : ` of ${other.owner}`;
    const what = other ? `${kindNames[other.kind]}${owner}` : "something else";
    return `\`${name}\` is taken here by ${what}`;
  }
  return undefined;
}

/** The first error that there is more of than before. */
function newError(before: readonly Snapshot[], after: readonly (Snapshot | undefined)[]): Problem | undefined {
  for (const [n, snapshot] of before.entries()) {
    const left = new Map<string, number>();
    for (const { code } of snapshot.problems()) left.set(code, (left.get(code) ?? 0) + 1);
    for (const problem of after[n]?.problems() ?? []) {
      const known = left.get(problem.code) ?? 0;
      if (known === 0) return problem;
      left.set(problem.code, known - 1);
    }
  }
  return undefined;
}

// --------------------------------------------------------------------------------------------------------- checkpoints

/** Rules by which all tensors have the names they had, for each model that the renaming concerns. */
function rulesFor(
  snapshots: readonly Snapshot[],
  edits: readonly Edit[],
  after: readonly (Snapshot | undefined)[],
): readonly Edit[] | Refusal {
  const before = placementsOf(snapshots);
  let now = placementsOf(after);
  const rules: Edit[] = [];
  for (const [name, all] of byModel(before)) {
    const [first] = all;
    const moved = all.map(([key, placement]) => movedWeights(placement, now.get(key)));
    const together = moved.flatMap((each) => each ?? []);
    if (!first || moved.every((each) => each?.length === 0)) continue;
    const [, { model }] = first;
    const snapshot = snapshots.find(({ program }) =>
      program.files.get(model.file.name)?.all.includes(model.declaration),
    );
    const ways = snapshot && !moved.includes(undefined) ? rulesThatKeep(snapshot, model, together) : [];
    const kept = ways.find((way) => {
      const tried = snapshotsAfter(snapshots, [...rules, ...way, ...edits]);
      const placed = placementsOf(tried);
      if (!all.every(([key, placement]) => movedWeights(placement, placed.get(key))?.length === 0)) return false;
      now = placed;
      return !newError(snapshots, tried);
    });
    if (!kept) {
      const [one] = together;
      const tensor = one ? `the tensor "${one.before.place.names[0]}"` : `the tensors of ${name}`;
      return { refused: `checkpoints would no longer fit: no rule of \`weights\` keeps the name of ${tensor}` };
    }
    rules.push(...kept);
  }
  return rules;
}

function byModel(placements: ReadonlyMap<string, Placement>): ReadonlyMap<string, readonly [string, Placement][]> {
  const found = new Map<string, [string, Placement][]>();
  for (const [key, placement] of placements) {
    const { name } = placement.model.declaration.name;
    found.set(name, [...(found.get(name) ?? []), [key, placement]]);
  }
  return found;
}
