/** Where each weight lies in a checkpoint, from the `weights` rules. Rules are read one way here and serve both: loading and saving. */
import type { AddressRule, CompressionDeclaration, Pattern, WeightsDeclaration } from "../../grammar/ast.js";
import { printDim, type Dim } from "../shapes/index.js";
import type { SourceFile } from "../1-resolve/program.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { problem, type Mark, type Problem } from "../diagnostics/problem.js";
import { closest } from "../diagnostics/suggest.js";
import { everyAxis, everyOtherName, indexedName, matchesNothing, oneName, type Taken } from "./mend-rules.js";
import type { ConfigEntry, Weight, WeightTree } from "../ir/graph.js";
import { readCompressions, type WeightCompression } from "./compression.js";
import { indexRules } from "./rule-index.js";
import { listAddresses, textOf, type Address, type Step } from "./addresses.js";
import { partFor, type Group, type Part } from "./stacked-part.js";

/** A weight's place: `weight = permute(split(cut(file tensor)))`, all in terms of the declared axes. */
export interface Place {
  /** Names the tensor may go by; `{i}` stands for a loop's index. */
  readonly names: readonly string[];
  /** For each axis of the file's tensor, the declared axes that it merges, as positions; mostly one, and none where it has one entry. */
  readonly fileAxes: readonly (readonly number[])[];
  /** The part of one declared axis that is this weight's share of a stacked tensor. */
  readonly part: Part | undefined;
}

export interface PlacedWeight {
  /** Labels with `{i}` for repeated ones: `h.{i}.attn.q.weight`. */
  readonly address: string;
  readonly weight: Weight;
  readonly counts: readonly { readonly index: string; readonly count: Dim }[];
  readonly place: Place;
  /** What becomes of its numbers when they are loaded. */
  readonly compression: WeightCompression | undefined;
}

export interface Checkpoint {
  readonly weights: readonly PlacedWeight[];
  readonly byAddress: ReadonlyMap<string, PlacedWeight>;
  readonly ignore: readonly string[];
  readonly carry: readonly string[];
  readonly prefixes: readonly string[];
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly from: string | undefined;
  /** Rules that no weight of this config met, and what is to be said if none of another config does. */
  readonly unused: ReadonlyMap<AddressRule, Problem>;
  readonly problems: readonly Problem[];
}

export function placeWeights(
  tree: WeightTree,
  declaration: WeightsDeclaration | undefined,
  file: SourceFile,
  entries: readonly ConfigEntry[],
  compressed: { readonly declarations: readonly CompressionDeclaration[]; readonly file: SourceFile },
): Checkpoint {
  const problems: Problem[] = [];
  const mark = (span: Mark["span"]): Mark => ({ file: file.name, span });
  const addresses = listAddresses(tree);
  const byText = new Map(addresses.map((address) => [address.text, address]));
  const compressions = readCompressions(compressed.declarations, compressed.file, addresses, entries);
  const rules = declaration?.rules ?? [];
  const addressRules = rules.filter((rule) => rule.kind === "address-rule");
  const rulesFor = indexRules(addressRules);
  const used = new Set<AddressRule>();
  const taken = new Map<string, Taken>();
  const rulesOf = new Map<string, AddressRule>();
  const nameless: string[] = [];
  const weights = addresses.map((address): PlacedWeight => {
    const { text } = address;
    const placed = declaration
      ? placeOne(address, byText, declaration, entries, rulesFor(address.steps[0]), used, problems, mark)
      : undefined;
    const { place, rule } = placed ?? {};
    if (rule) rulesOf.set(text, rule);
    if (!place) nameless.push(text);
    const found = place ?? { names: [text], fileAxes: address.weight.type.axes.map((_, n) => [n]), part: undefined };
    const key = `${found.names[0]}${found.part ? ` part ${found.part.before.map(printDim).join("+")}` : ""}`;
    const other = taken.get(key);
    const isUnstacked = rule?.stack !== undefined && !found.part; // That has been said.
    if (
      other &&
      rule &&
      !isUnstacked &&
      !problems.some(({ code, primary }) => code === "W304" && primary?.span === other.rule.span)
    )
      problems.push(oneName(file, found.names[0] ?? "", other, { text, rule, weight: address.weight }));
    else if (rule) taken.set(key, { text, rule, weight: address.weight });
    const compression = compressions.of(address);
    return { address: text, weight: address.weight, counts: address.counts, place: found, compression };
  });
  if (declaration && nameless.length > 0) {
    const parameters = { addresses: nameless, checkpoint: declaration.from.value };
    problems.push(problem("W301", parameters, mark(declaration.model.span), everyOtherName(file, declaration)));
  }
  problems.push(...checkRules(declaration, weights, rulesOf, file), ...compressions.problems);
  problems.push(...checkStacks(weights, compressed));
  const unused = (what: "tensors" | "carried"): string[] =>
    rules.flatMap((rule) =>
      rule.kind === "ignore-rule" && rule.what === what ? rule.names.map(({ value }) => value) : [],
    );
  const ports = (direction: "input" | "output"): Map<string, string> =>
    new Map(
      rules.flatMap((rule) =>
        rule.kind === "port-rule" && rule.direction === direction
          ? [[rule.name.name, rule.external.value] as const]
          : [],
      ),
    );
  return {
    weights,
    byAddress: new Map(weights.map((weight) => [weight.address, weight])),
    ignore: unused("tensors"),
    carry: unused("carried"),
    prefixes: rules.flatMap((rule) => (rule.kind === "prefix-rule" ? rule.names.map(({ value }) => value) : [])),
    inputs: ports("input"),
    outputs: ports("output"),
    from: declaration?.from.value,
    unused: new Map(
      addressRules
        .filter((rule) => !used.has(rule) && !rule.address.some(({ kind }) => kind === "any"))
        .map((rule) => [rule, matchesNothing(file, rule, addresses)]),
    ),
    problems,
  };
}

/** Weights that are one tensor of the file are coded, or not, as one. */
function checkStacks(
  weights: readonly PlacedWeight[],
  { declarations, file }: { readonly declarations: readonly CompressionDeclaration[]; readonly file: SourceFile },
): Problem[] {
  const [declaration] = declarations;
  if (!declaration) return [];
  const first = new Map<string, PlacedWeight>();
  for (const weight of weights) {
    const [name = weight.address] = weight.place.names;
    const other = first.get(name) ?? weight;
    first.set(name, other);
    if (JSON.stringify(other.compression) === JSON.stringify(weight.compression)) continue;
    const what = `${other.address} and ${weight.address} are one tensor, "${name}": what is said of one must be said of both`;
    return [problem("W303", { what }, { file: file.name, span: declaration.config.span })];
  }
  return [];
}

/** Rules that name what is not there, and names that lose an index. */
function checkRules(
  declaration: WeightsDeclaration | undefined,
  weights: readonly PlacedWeight[],
  rulesOf: ReadonlyMap<string, AddressRule>,
  file: SourceFile,
): Problem[] {
  if (!declaration) return [];
  const mark = (span: Mark["span"]): Mark => ({ file: file.name, span });
  const problems: Problem[] = [];
  for (const rule of declaration.rules) {
    if (rule.kind !== "layout-rule" && rule.kind !== "leaf-rule") continue;
    const blocks = new Set(weights.map(({ weight }) => weight.block));
    const leaf = weights.some(
      ({ weight, address }) => weight.block === rule.block.name && address.endsWith(`${rule.weight.name}`),
    );
    if (leaf) continue;
    const pattern = `${rule.block.name}.${rule.weight.name}`;
    const [at, near] = blocks.has(rule.block.name)
      ? [rule.weight.span, closest(rule.weight.name, leavesOf(weights, rule.block.name))]
      : [rule.block.span, closest(rule.block.name, blocks)];
    const { label, fixes } = didYouMean(mark(at), near);
    problems.push(problem("W302", { pattern }, { ...mark(at), ...(label !== undefined && { label }) }, { fixes }));
  }
  for (const { address, counts, place } of weights) {
    const [name = ""] = place.names;
    const rule = rulesOf.get(address);
    const lost = counts.find(({ index }) => !name.includes(`{${index}}`));
    const stray = /\{(\w+)\}/.exec(name)?.[1];
    const isStray = stray !== undefined && !counts.some(({ index }) => index === stray);
    if (!rule || (!isStray && !lost)) continue;
    const what = isStray
      ? `\`{${stray}}\` in the name of ${address} is no index of its rule`
      : `every ${address} would be read from "${name}", which does not say \`{${lost?.index}}\``;
    problems.push(
      problem("W303", { what }, mark(rule.name.span), indexedName(file, rule, isStray ? stray : undefined)),
    );
    break;
  }
  return problems;
}

const leavesOf = (weights: readonly PlacedWeight[], block: string): string[] =>
  weights.flatMap(({ weight, address }) =>
    weight.block === block ? [address.slice(address.lastIndexOf(".") + 1)] : [],
  );

interface Match {
  /** What the rule's index names stand for. */
  readonly indices: ReadonlyMap<string, string>;
  /** Which of each group's names was met. */
  readonly chosen: readonly Group[];
  /** What `*` stands for. */
  readonly rest: string | undefined;
  /** What follows the rule's address: nothing, or the leaf. */
  readonly leaf: string | undefined;
}

/** The first rule that fits gives the place. */
function placeOne(
  address: Address,
  all: ReadonlyMap<string, Address>,
  declaration: WeightsDeclaration,
  entries: readonly ConfigEntry[],
  rules: readonly AddressRule[],
  used: Set<AddressRule>,
  problems: Problem[],
  mark: (span: Mark["span"]) => Mark,
): { place: Place; rule: AddressRule } | undefined {
  for (const rule of rules) {
    const match = matchRule(rule, address.steps);
    if (!match) continue;
    used.add(rule);
    const { weight, steps } = address;
    const leaf = steps.at(-1)?.name ?? "";
    const layout = rule.layout ?? layoutFor(declaration, weight, leaf);
    const fileAxes = layout ? readLayout(layout, weight, problems, mark) : weight.type.axes.map((_, n) => [n]);
    const part = rule.stack && partFor(rule, match.chosen[0], address, all, entries, problems, mark);
    return { place: { names: namesFor(rule, match, declaration, weight, leaf), fileAxes, part }, rule };
  }
  return undefined;
}

function matchRule(rule: AddressRule, steps: readonly Step[]): Match | undefined {
  const indices = new Map<string, string>();
  const chosen: { at: number; of: readonly string[]; step: number }[] = [];
  for (const [n, segment] of rule.address.entries()) {
    const step = steps[n];
    if (!step) return undefined;
    if (segment.kind === "any") return { indices, chosen, rest: textOf(steps.slice(n)), leaf: undefined };
    if (segment.kind === "group") {
      const of = segment.names.map(({ name }) => name);
      if (!of.includes(step.name) || step.index !== undefined) return undefined;
      chosen.push({ at: of.indexOf(step.name), of, step: n });
      continue;
    }
    if (segment.name.name !== step.name || (segment.index === undefined) !== (step.index === undefined))
      return undefined;
    if (segment.index?.kind === "identifier") indices.set(segment.index.name, step.index ?? "");
    else if (segment.index && segment.index.text !== step.index) return undefined;
  }
  const left = steps.slice(rule.address.length);
  return left.length <= 1 && left[0]?.index === undefined
    ? { indices, chosen, rest: undefined, leaf: left[0]?.name }
    : undefined;
}

/** The rule's string with its groups, `{}` and `{i}` filled in, and the leaf's names behind it. */
function namesFor(
  rule: AddressRule,
  { indices, chosen, rest, leaf }: Match,
  declaration: WeightsDeclaration,
  weight: Weight,
  own: string,
): string[] {
  const group = chosen[0];
  let text = rule.name.value.replace(/\(([^()]*)\)/g, (whole, inner: string) => {
    const names = inner.trim().split(/\s+/);
    return group && names.length === group.of.length ? (names[group.at] ?? whole) : whole;
  });
  text = text.replace(/\{(\w*)\}/g, (whole, name: string) =>
    name === "" ? (rest ?? (group ? (group.of[group.at] ?? whole) : whole)) : (indices.get(name) ?? whole),
  );
  const leaves = declaration.rules.flatMap((r) =>
    r.kind === "leaf-rule" && r.block.name === weight.block && r.weight.name === own
      ? r.names.map(({ value }) => value)
      : [],
  );
  if (leaf !== undefined) return (leaves.length > 0 ? leaves : [leaf]).map((name) => `${text}.${name}`);
  return rest !== undefined && leaves.length > 0 && text.endsWith(`.${own}`)
    ? leaves.map((name) => `${text.slice(0, -own.length)}${name}`)
    : [text];
}

function layoutFor(declaration: WeightsDeclaration, weight: Weight, leaf: string): Pattern | undefined {
  for (const rule of declaration.rules)
    if (rule.kind === "layout-rule" && rule.block.name === weight.block && rule.weight.name === leaf)
      return rule.pattern;
  return undefined;
}

function readLayout(
  pattern: Pattern,
  weight: Weight,
  problems: Problem[],
  mark: (span: Mark["span"]) => Mark,
): (readonly number[])[] {
  const labels = weight.type.axes.map(({ label }) => label);
  const position = (name: string): number => labels.indexOf(name);
  const axes = pattern.elements.flatMap((element): number[][] => {
    if (element.kind === "identifier") return [[position(element.name)]];
    return element.kind === "merge" ? [element.parts.map(({ name }) => position(name))] : [];
  });
  if (
    axes.flat().sort().join() ===
    labels
      .map((_, n) => n)
      .sort()
      .join()
  )
    return axes;
  problems.push(
    problem(
      "W303",
      { what: `this layout must name each axis of the weight once: ${labels.join(", ")}` },
      mark(pattern.span),
      everyAxis(mark(pattern.span), labels),
    ),
  );
  return labels.map((_, n) => [n]);
}
