/** `generate gpt2.lm over seq { sample: top_p(0.9, temperature: 0.8), stop: 50256 }`: the defaults it declares. */
import type { Argument, Expression, RunDeclaration, Span } from "../../grammar/ast.js";
import type { SourceFile } from "../1-resolve/program.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import { problem, type Problem } from "../diagnostics/problem.js";

/** Sampling defaults by the runtime's names. */
export interface SamplingDefaults {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
  readonly maxTokens?: number;
  readonly beams?: number;
  readonly lengthPenalty?: number;
  readonly start?: readonly number[];
  readonly stop?: readonly number[];
}

type TokensName = "start" | "stop";
type NumberName = Exclude<keyof SamplingDefaults, TokensName>;

export const samplers: ReadonlyMap<string, NumberName | "greedy"> = new Map([
  ["greedy", "greedy"],
  ["top_p", "topP"],
  ["top_k", "topK"],
  ["min_p", "minP"],
  ["temperature", "temperature"],
  ["beam", "beams"],
]);
export const settings: ReadonlyMap<string, NumberName> = new Map([
  ["temperature", "temperature"],
  ["repetition_penalty", "repetitionPenalty"],
  ["max_tokens", "maxTokens"],
]);
/** Settings that a sampler has of its own. */
export const ofSampler: ReadonlyMap<string, NumberName> = new Map([...settings, ["length_penalty", "lengthPenalty"]]);

/** `topP` is written `top_p` in a file. */
const written = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const ranges: Partial<Record<NumberName, readonly [number, number]>> = {
  topP: [0, 1],
  minP: [0, 1],
  topK: [1, Infinity],
  maxTokens: [1, Infinity],
  beams: [1, Infinity],
  lengthPenalty: [-Infinity, Infinity],
};

/** `near`: what was most likely meant. */
type Fail = (what: string, at: { readonly span: Span }, advice?: { near?: string | undefined; help?: string }) => void;

export function readSampling(
  declaration: RunDeclaration,
  file: SourceFile,
): { defaults: SamplingDefaults; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const defaults: { -readonly [Key in keyof SamplingDefaults]: SamplingDefaults[Key] } = {};
  const fail: Fail = (what, at, { near, help } = {}) => {
    const place = { file: file.name, span: at.span };
    const { label, fixes } = didYouMean(place, near);
    problems.push(problem("C502", { what }, { ...place, ...(label !== undefined && { label }) }, { help, fixes }));
  };
  const set = (name: NumberName, value: Expression): void => {
    const number = numberOf(value);
    const [low, high] = ranges[name] ?? [0, Infinity];
    if (number === undefined) fail(`\`${written(name)}\` must be a number`, value);
    else if (number < low || number > high)
      fail(
        `\`${written(name)}\` must be ${high === Infinity ? `at least ${low}` : `between ${low} and ${high}`}, this is ${number}`,
        value,
      );
    else defaults[name] = number;
  };
  for (const { name, value } of declaration.settings.entries) {
    const known = settings.get(name.name);
    if (name.name === "start" || name.name === "stop") {
      const tokens = value.kind === "list" ? value.items.map(numberOf) : [numberOf(value)];
      if (tokens.every((token) => token !== undefined && Number.isInteger(token)))
        defaults[name.name] = tokens.filter((token) => token !== undefined);
      else fail(`\`${name.name}\` must be a token id, or a list of them`, value);
    } else if (name.name === "sample") readSampler(value, defaults, set, fail);
    else if (known) set(known, value);
    else {
      const at = { file: file.name, span: name.span };
      const { label, fixes } = didYouMean(at, closest(name.name, ["sample", "start", "stop", ...settings.keys()]));
      const primary = { ...at, ...(label !== undefined && { label }) };
      problems.push(problem("N101", { name: name.name, block: "generate" }, primary, { fixes }));
    }
  }
  return { defaults, problems };
}

function readSampler(
  value: Expression,
  defaults: { -readonly [Key in keyof SamplingDefaults]: SamplingDefaults[Key] },
  set: (name: NumberName, value: Expression) => void,
  fail: Fail,
): void {
  const callee = value.kind === "call" ? value.callee : value;
  const name = callee.kind === "name" ? callee.name : "";
  const sampler = samplers.get(name);
  if (!sampler) {
    const near = closest(name, samplers.keys());
    const help = `one of ${[...samplers.keys()].join(", ")}`;
    return fail(`unknown sampler \`${name}\``, callee, near === undefined ? { help } : { near });
  }
  if (sampler === "greedy") return void (defaults.temperature = 0);
  const parts: readonly Argument[] = value.kind === "call" ? value.arguments : [];
  for (const part of parts) {
    const target = part.name ? ofSampler.get(part.name.name) : sampler;
    if (target) set(target, part.value);
    else if (part.name) {
      const near = closest(part.name.name, ofSampler.keys());
      fail(`\`${name}\` has no \`${part.name.name}\``, part.name, { near });
    }
  }
}

function numberOf(value: Expression): number | undefined {
  if (value.kind === "number") return value.value;
  return value.kind === "unary" && value.operator === "-" && value.operand.kind === "number"
    ? -value.operand.value
    : undefined;
}
