/** `quantize` and `prune` of a config: which weight has less in it than its checkpoint, and how. */
import type {
  Argument,
  CompressionDeclaration,
  CompressionRule,
  Expression,
  Identifier,
  Segment,
} from "../../grammar/ast.js";
import type { SourceFile } from "../1-resolve/program.js";
import { sourceLine } from "../1-resolve/source-of.js";
import { didYouMean, unknownName } from "../diagnostics/did-you-mean.js";
import { problem, type Mark, type Problem } from "../diagnostics/problem.js";
import { closest } from "../diagnostics/suggest.js";
import { configNumbers } from "../ir/config-numbers.js";
import type { ConfigEntry, Weight } from "../ir/graph.js";
import { evaluate } from "../shapes/index.js";
import type { Address, Step } from "./addresses.js";

/** `axis` counts the weight's axes as they are declared. */
export interface WeightCompression {
  readonly prune?: { readonly share: number } | { readonly keep: number; readonly of: number; readonly axis: number };
  readonly quantize?: { readonly bits: 4 | 8; readonly axis: number; readonly group: number | undefined };
}

/** A rule's right side, its axis still a name. `none` leaves a weight as it is, whatever later rules say. */
type Method =
  | { readonly kind: "none" }
  | { readonly kind: "share"; readonly share: number }
  | { readonly kind: "two-of-four"; readonly axis: Identifier }
  | { readonly kind: "bits"; readonly bits: 4 | 8; readonly group: number | undefined; readonly axis: Identifier };

export interface Compressions {
  readonly of: (address: Address) => WeightCompression | undefined;
  readonly problems: readonly Problem[];
}

/** What `declarations`, those of one config, make of its weights. */
export function readCompressions(
  declarations: readonly CompressionDeclaration[],
  file: SourceFile,
  addresses: readonly Address[],
  entries: readonly ConfigEntry[],
): Compressions {
  const problems: Problem[] = [];
  const found = new Map<Address, WeightCompression>();
  for (const declaration of declarations) {
    const rules = declaration.rules.flatMap((rule) => {
      const method = readMethod(declaration, rule.method, file, problems);
      return method ? [{ rule, method, own: [] as Address[] }] : [];
    });
    for (const address of addresses) {
      const first = rules.find(({ rule, method }) => fits(rule, method, address));
      first?.own.push(address);
      const compression = first && compressionOf(first.method, address.weight);
      if (compression) found.set(address, { ...found.get(address), ...compression });
    }
    for (const { rule, method, own } of rules) {
      if (own.length === 0) problems.push(matchesNothing(file, rule, method, addresses));
      else problems.push(...checkSizes(file, rule, method, own, entries));
    }
  }
  return { of: (address) => found.get(address), problems };
}

// ------------------------------------------------------------------------------------------------------------- methods

export const methodsOf = { quantize: ["int8", "int4", "none"], prune: ["magnitude", "two_of_four", "none"] } as const;

const examples = {
  int8: "int8[d], where `d` is the axis whose entries share a scale",
  int4: "int4[d](group: 32), where `d` is the axis of which 32 entries share a scale",
  magnitude: "magnitude(0.5), which leaves the larger half",
  two_of_four: "two_of_four[d], where `d` is the axis along which the two largest of each four stay",
} as const;

function readMethod(
  { keyword }: CompressionDeclaration,
  expression: Expression,
  file: SourceFile,
  problems: Problem[],
): Method | undefined {
  const call = expression.kind === "call" ? expression : undefined;
  const named = call?.callee ?? expression;
  const subscript = named.kind === "subscript" ? named : undefined;
  const name = subscript?.object ?? named;
  const given = call?.arguments ?? [];
  const fail = (what: string, { span }: Pick<Expression, "span">): undefined =>
    void problems.push(problem("C502", { what }, { file: file.name, span }));
  if (name.kind !== "name") return fail(`${keyword} knows ${methodsOf[keyword].join(", ")}`, expression);
  const known = methodsOf[keyword].find((method) => method === name.name);
  if (!known && closest(name.name, methodsOf[keyword]) === undefined)
    return fail(`${keyword} knows ${methodsOf[keyword].join(", ")}`, expression);
  if (!known)
    return void problems.push(unknownName(name.name, { file: file.name, span: name.span }, methodsOf[keyword]));
  if (known === "none") return subscript || call ? fail("`none` takes nothing", expression) : { kind: "none" };
  const [item, other] = subscript?.items ?? [];
  const axis = item?.kind === "expression-item" && item.value.kind === "name" && !other ? item.value : undefined;
  const numbers = given.map(numberIn);
  if (known === "magnitude") {
    const [share] = numbers;
    const isShare = share !== undefined && share >= 0 && share <= 1 && given.length === 1 && !given[0]?.name;
    return subscript || !isShare ? fail(`write ${examples[known]}`, expression) : { kind: "share", share };
  }
  const [group] = numbers;
  const isPlain = given.length === 0;
  const isGrouped = given.length === 1 && given[0]?.name?.name === "group" && group !== undefined;
  if (!axis || (!isPlain && (known === "two_of_four" || !isGrouped || !Number.isInteger(group) || group < 1)))
    return fail(`write ${examples[known]}`, expression);
  const along: Identifier = { kind: "identifier", name: axis.name, span: axis.span };
  if (known === "two_of_four") return { kind: "two-of-four", axis: along };
  return { kind: "bits", bits: known === "int8" ? 8 : 4, group: isPlain ? undefined : group, axis: along };
}

function numberIn({ value }: Argument): number | undefined {
  return value.kind === "number" ? value.value : undefined;
}

function compressionOf(method: Method, weight: Weight): WeightCompression | undefined {
  switch (method.kind) {
    case "none":
      return undefined;
    case "share":
      return { prune: { share: method.share } };
    case "two-of-four":
      return { prune: { keep: 2, of: 4, axis: axisOf(method.axis, weight) } };
    case "bits":
      return { quantize: { bits: method.bits, group: method.group, axis: axisOf(method.axis, weight) } };
  }
}

const axisOf = ({ name }: Identifier, { type }: Weight): number => type.axes.findIndex(({ label }) => label === name);

// ------------------------------------------------------------------------------------------------------------ matching

/** A rule concerns weights of two axes or more, and of these such as have its axis: biases and gains stay what they are. */
function fits(rule: CompressionRule, method: Method, address: Address): boolean {
  if (!isTarget(rule, address)) return false;
  if (method.kind === "none") return true;
  return address.weight.type.axes.length > 1 && (!("axis" in method) || axisOf(method.axis, address.weight) >= 0);
}

function isTarget({ target }: CompressionRule, { steps, weight }: Address): boolean {
  if (target.kind === "weight-kind")
    return weight.block === target.block.name && steps.at(-1)?.name === target.weight.name;
  return target.segments.every((segment, n) => segmentFits(segment, steps[n]));
}

function segmentFits(segment: Segment, step: Step | undefined): boolean {
  if (!step) return false;
  if (segment.kind === "any") return true;
  if (segment.kind === "group") return step.index === undefined && segment.names.some(({ name }) => name === step.name);
  if (segment.name.name !== step.name) return false;
  return segment.index?.kind === "number" ? segment.index.text === step.index : true;
}

function matchesNothing(
  file: SourceFile,
  rule: CompressionRule,
  method: Method,
  addresses: readonly Address[],
): Problem {
  const mark = (span: Mark["span"], label?: string): Mark => ({
    file: file.name,
    span,
    ...(label !== undefined && { label }),
  });
  const meant = addresses.filter((address) => isTarget(rule, address));
  const { target } = rule;
  const written = sourceLine(file, { start: rule.span.start, end: rule.method.span.start }).replace(/\s*=\s*$/, "");
  if (meant.length > 0 && "axis" in method) {
    const axes = new Set(meant.flatMap(({ weight }) => weight.type.axes.map(({ label }) => label)));
    const { label, fixes } = didYouMean(mark(method.axis.span), closest(method.axis.name, axes));
    const type = `the weights of ${written}: they have ${[...axes].join(", ")}`;
    return problem("N106", { axis: method.axis.name, type }, mark(method.axis.span, label), { fixes });
  }
  if (target.kind === "address")
    return problem("W302", { pattern: written }, mark(target.segments[0]?.span ?? rule.span));
  const blocks = new Set(addresses.flatMap(({ weight }) => weight.block ?? []));
  const leaves = addresses.flatMap(({ weight, steps }) =>
    weight.block === target.block.name ? (steps.at(-1)?.name ?? []) : [],
  );
  const [at, near] =
    leaves.length > 0
      ? [target.weight, closest(target.weight.name, leaves)]
      : [target.block, closest(target.block.name, blocks)];
  const { label, fixes } = didYouMean(mark(at.span), near);
  return problem("W302", { pattern: written }, mark(at.span, label), { fixes });
}

/** Codes of 4 bits are stored in pairs. */
function checkSizes(
  file: SourceFile,
  rule: CompressionRule,
  method: Method,
  own: readonly Address[],
  entries: readonly ConfigEntry[],
): Problem[] {
  if (method.kind !== "bits" || method.bits !== 4) return [];
  const numbers = configNumbers(entries);
  for (const { weight } of own) {
    const dim = weight.type.axes[axisOf(method.axis, weight)]?.dim;
    const size = dim && evaluate(dim, (atom) => numbers.get(atom));
    if (size === undefined || size % 2 === 0) continue;
    const what = `codes of 4 bits go in pairs along \`${method.axis.name}\`, and here ${method.axis.name} = ${size}`;
    const help = "write `int8`, or leave this weight out: `ADDRESS = none` above";
    return [problem("C502", { what }, { file: file.name, span: rule.method.span }, { help })];
  }
  return [];
}
