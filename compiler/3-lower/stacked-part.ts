/** `stack[out]`: which part of one tensor on disk a weight is. */
import type { AddressRule } from "../../grammar/ast.js";
import { unknownName } from "../diagnostics/did-you-mean.js";
import { problem, type Mark, type Problem } from "../diagnostics/problem.js";
import type { ConfigEntry } from "../ir/graph.js";
import { evaluate, quotient, variable, type Atom, type Dim } from "../shapes/index.js";
import { textOf, type Address } from "./addresses.js";

/** The group's tensors follow each other along one declared axis; with `pieces`, a piece of each follows a piece of each. */
export interface Part {
  readonly axis: number;
  /** The sizes, in one piece, of those before this weight's and of all. */
  readonly before: readonly Dim[];
  readonly all: readonly Dim[];
  readonly pieces: Dim | undefined;
}

export interface Group {
  readonly at: number;
  readonly of: readonly string[];
  readonly step: number;
}

export function partFor(
  { stack, span }: AddressRule,
  group: Group | undefined,
  address: Address,
  all: ReadonlyMap<string, Address>,
  entries: readonly ConfigEntry[],
  problems: Problem[],
  mark: (span: Mark["span"]) => Mark,
): Part | undefined {
  const label = stack?.axis.name;
  const axis = address.weight.type.axes.findIndex((a) => a.label === label);
  if (!group || axis < 0) {
    const what = group
      ? `${address.text} has no axis \`${label}\` to stack along`
      : "`stack` needs a group such as (q k v)";
    problems.push(problem("W303", { what }, mark(span)));
    return undefined;
  }
  const members = group.of.flatMap((name) => {
    const steps = address.steps.map((step, n) => (n === group.step ? { ...step, name } : step));
    return all.get(textOf(steps)) ?? [];
  });
  const sizes = members.flatMap(({ weight }) => weight.type.axes[axis]?.dim ?? []);
  if (!stack?.pieces) return { axis, before: sizes.slice(0, group.at), all: sizes, pieces: undefined };
  // Of all the weights that a rule fits, the first says what is wrong.
  const { name, span: written } = stack.pieces;
  const isSaid = problems.some(({ primary }) => primary?.span === written);
  const said = isSaid ? [] : problems;
  const symbols = new Map(entries.flatMap(({ name, atom }) => (atom ? [[name, atom]] : [])));
  const symbol = symbols.get(name);
  if (!symbol) {
    said.push(unknownName(name, mark(written), symbols.keys()));
    return undefined;
  }
  const valueOf = (atom: Atom): number | undefined => Number(entries.find((entry) => entry.atom === atom)?.value);
  const pieces = variable(symbol);
  const each = sizes.map((size) => quotient(size, pieces));
  const odd = each.findIndex((dim) => evaluate(dim, valueOf) === undefined);
  if (odd >= 0) {
    const what = `${name} = ${valueOf(symbol)} does not divide \`${label}\` of ${members[odd]?.text ?? ""}`;
    said.push(problem("W303", { what }, mark(written)));
    return undefined;
  }
  return { axis, before: each.slice(0, group.at), all: each, pieces };
}
