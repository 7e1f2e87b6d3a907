/** Where each weight lies in a checkpoint, from the `weights` rules. Rules are read one way here and serve both: loading and saving. */
import type { AddressRule, Pattern, WeightsDeclaration } from "../../grammar/ast.js";
import { printDim, type Dim } from "../shapes/index.js";
import type { SourceFile } from "../1-resolve/program.js";
import { forEachWeight } from "../2-check/weight-tree.js";
import { problem, type Mark, type Problem } from "../diagnostics/problem.js";
import { closest } from "../diagnostics/suggest.js";
import type { Weight, WeightTree } from "../ir/graph.js";

/** A weight's place: `weight = permute(split(cut(file tensor)))`, all in terms of the declared axes. */
export interface Place {
  /** Names the tensor may go by; `{i}` stands for a loop's index. */
  readonly names: readonly string[];
  /** For each axis of the file's tensor, the declared axes that it merges, as positions; mostly one. */
  readonly fileAxes: readonly (readonly number[])[];
  /** The part of one declared axis that is this weight's share of a stacked tensor. */
  readonly part: { readonly axis: number; readonly before: readonly Dim[]; readonly all: readonly Dim[] } | undefined;
}

export interface PlacedWeight {
  /** Labels with `{i}` for repeated ones: `h.{i}.attn.q.weight`. */
  readonly address: string;
  readonly weight: Weight;
  readonly counts: readonly { readonly index: string; readonly count: Dim }[];
  readonly place: Place;
}

export interface Checkpoint {
  readonly weights: readonly PlacedWeight[];
  readonly byAddress: ReadonlyMap<string, PlacedWeight>;
  readonly ignore: readonly string[];
  readonly prefixes: readonly string[];
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly from: string | undefined;
  /** Rules that no weight of this config met; another config may need them. */
  readonly unused: readonly AddressRule[];
  readonly problems: readonly Problem[];
}

interface Step {
  readonly name: string;
  /** `{i}` of a loop, or a number. */
  readonly index: string | undefined;
}

interface Address {
  readonly steps: readonly Step[];
  readonly weight: Weight;
  readonly counts: readonly { readonly index: string; readonly count: Dim }[];
}

export function placeWeights(
  tree: WeightTree,
  declaration: WeightsDeclaration | undefined,
  file: SourceFile,
): Checkpoint {
  const problems: Problem[] = [];
  const mark = (span: Mark["span"]): Mark => ({ file: file.name, span });
  const addresses = listAddresses(tree);
  const rules = declaration?.rules ?? [];
  const addressRules = rules.filter((rule) => rule.kind === "address-rule");
  const used = new Set<AddressRule>();
  const taken = new Map<string, string>();
  const nameless: string[] = [];
  const weights = addresses.map((address): PlacedWeight => {
    const text = textOf(address.steps);
    const place = declaration
      ? placeOne(address, addresses, declaration, addressRules, used, problems, mark)
      : undefined;
    if (!place) nameless.push(text);
    const found = place ?? { names: [text], fileAxes: address.weight.type.axes.map((_, n) => [n]), part: undefined };
    const key = `${found.names[0]}${found.part ? ` part ${found.part.before.map(printDim).join("+")}` : ""}`;
    const other = taken.get(key);
    if (other !== undefined && place && declaration)
      problems.push(
        problem("W304", { name: found.names[0] ?? "", first: other, second: text }, mark(declaration.from.span)),
      );
    taken.set(key, text);
    return { address: text, weight: address.weight, counts: address.counts, place: found };
  });
  if (declaration && nameless.length > 0) {
    const parameters = { addresses: nameless, checkpoint: declaration.from.value };
    problems.push(
      problem("W301", parameters, mark(declaration.from.span), {
        help: 'add a rule, for instance `* = "{}"` at the end',
      }),
    );
  }
  problems.push(...checkRules(declaration, weights, mark));
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
    ignore: rules.flatMap((rule) => (rule.kind === "ignore-rule" ? rule.names.map(({ value }) => value) : [])),
    prefixes: rules.flatMap((rule) => (rule.kind === "prefix-rule" ? rule.names.map(({ value }) => value) : [])),
    inputs: ports("input"),
    outputs: ports("output"),
    from: declaration?.from.value,
    unused: addressRules.filter((rule) => !used.has(rule) && !rule.address.some(({ kind }) => kind === "any")),
    problems,
  };
}

/** Rules that name what is not there, and names that lose an index. */
function checkRules(
  declaration: WeightsDeclaration | undefined,
  weights: readonly PlacedWeight[],
  mark: (span: Mark["span"]) => Mark,
): Problem[] {
  if (!declaration) return [];
  const problems: Problem[] = [];
  for (const rule of declaration.rules) {
    if (rule.kind !== "layout-rule" && rule.kind !== "leaf-rule") continue;
    const blocks = new Set(weights.map(({ weight }) => weight.block));
    const leaf = weights.some(
      ({ weight, address }) => weight.block === rule.block.name && address.endsWith(`${rule.weight.name}`),
    );
    if (leaf) continue;
    const near = blocks.has(rule.block.name) ? undefined : closest(rule.block.name, blocks);
    const help = near === undefined ? undefined : `did you mean ${near}.${rule.weight.name}?`;
    problems.push(problem("W302", { pattern: `${rule.block.name}.${rule.weight.name}` }, mark(rule.span), { help }));
  }
  for (const { address, counts, place } of weights) {
    const [name = ""] = place.names;
    const lost = counts.find(({ index }) => !name.includes(`{${index}}`));
    const stray = /\{(\w+)\}/.exec(name)?.[1];
    if (stray !== undefined && !counts.some(({ index }) => index === stray)) {
      problems.push(
        problem(
          "W303",
          { what: `\`{${stray}}\` in the name of ${address} is no index of its rule` },
          mark(declaration.from.span),
        ),
      );
    } else if (lost)
      problems.push(
        problem(
          "W303",
          { what: `every ${address} would be read from "${name}", which does not say \`{${lost.index}}\`` },
          mark(declaration.from.span),
        ),
      );
    if (problems.some(({ code }) => code === "W303")) break;
  }
  return problems;
}

function listAddresses(tree: WeightTree): Address[] {
  const found: Address[] = [];
  forEachWeight(tree, (parts, weight) => {
    const steps: Step[] = [];
    const counts: { index: string; count: Dim }[] = [];
    for (const part of parts) {
      if (typeof part === "string") steps.push({ name: part, index: undefined });
      else {
        const last = steps.pop();
        if (typeof part === "object") counts.push(part);
        if (last) steps.push({ name: last.name, index: typeof part === "number" ? String(part) : `{${part.index}}` });
      }
    }
    found.push({ steps, weight, counts });
  });
  return found;
}

export const textOf = (steps: readonly Step[]): string =>
  steps.map(({ name, index }) => (index === undefined ? name : `${name}.${index}`)).join(".");

interface Match {
  /** What the rule's index names stand for. */
  readonly indices: ReadonlyMap<string, string>;
  /** Which of each group's names was met. */
  readonly chosen: readonly { readonly at: number; readonly of: readonly string[]; readonly step: number }[];
  /** What `*` stands for. */
  readonly rest: string | undefined;
  /** What follows the rule's address: nothing, or the leaf. */
  readonly leaf: string | undefined;
}

/** The first rule that fits gives the place. */
function placeOne(
  address: Address,
  all: readonly Address[],
  declaration: WeightsDeclaration,
  rules: readonly AddressRule[],
  used: Set<AddressRule>,
  problems: Problem[],
  mark: (span: Mark["span"]) => Mark,
): Place | undefined {
  for (const rule of rules) {
    const match = matchRule(rule, address.steps);
    if (!match) continue;
    used.add(rule);
    const { weight, steps } = address;
    const leaf = steps.at(-1)?.name ?? "";
    const layout = rule.layout ?? layoutFor(declaration, weight, leaf);
    const fileAxes = layout ? readLayout(layout, weight, problems, mark) : weight.type.axes.map((_, n) => [n]);
    return {
      names: namesFor(rule, match, declaration, weight, leaf),
      fileAxes,
      part: rule.stack && partFor(rule, match, address, all, problems, mark),
    };
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
    ),
  );
  return labels.map((_, n) => [n]);
}

/** `stack[out]`: the group's tensors follow each other along that axis of one tensor on disk. */
function partFor(
  rule: AddressRule,
  match: Match,
  address: Address,
  all: readonly Address[],
  problems: Problem[],
  mark: (span: Mark["span"]) => Mark,
): Place["part"] {
  const [group] = match.chosen;
  const label = rule.stack?.name;
  const axis = address.weight.type.axes.findIndex((a) => a.label === label);
  if (!group || axis < 0) {
    problems.push(
      problem(
        "W303",
        {
          what: group
            ? `${textOf(address.steps)} has no axis \`${label}\` to stack along`
            : "`stack` needs a group such as (q k v)",
        },
        mark(rule.span),
      ),
    );
    return undefined;
  }
  const sizes = group.of.flatMap((name): Dim[] => {
    const steps = address.steps.map((step, n) => (n === group.step ? { ...step, name } : step));
    const member = all.find((other) => textOf(other.steps) === textOf(steps));
    const dim = member?.weight.type.axes[axis]?.dim;
    return dim ? [dim] : [];
  });
  return { axis, before: sizes.slice(0, group.at), all: sizes };
}
