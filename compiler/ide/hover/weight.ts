/** Weights and states: their type, what they begin with, and what a checkpoint calls them. */
import type { AddressRule, WeightStatement } from "../../../grammar/ast.js";
import type { SourceFile } from "../../1-resolve/program.js";
import { sourceLine } from "../../1-resolve/source-of.js";
import type { PlacedWeight } from "../../3-lower/checkpoint.js";
import { findWeights } from "../../lower.js";
import { bullets, code, inline, paragraphs, someOf } from "./markdown.js";
import { placeText } from "./layer.js";
import type { HoverPlace, Under } from "./place.js";
import { numericType } from "./types.js";
import { keywordDocs } from "./words.js";

export function weightText(
  place: HoverPlace,
  file: SourceFile,
  statement: WeightStatement,
  isMeant: (weight: PlacedWeight) => boolean,
): string {
  const head = sourceLine(file, statement.span);
  return statement.keyword === "param"
    ? paragraphs(code(head), statement.doc, placedText(place, isMeant))
    : paragraphs(code(head), statement.doc ?? keywordDocs["state"]);
}

/** Where a config has such weights, and what the checkpoint calls them. */
export function placedText(
  { snapshot, under }: HoverPlace,
  isMeant: (weight: PlacedWeight) => boolean,
): string | undefined {
  const found = under();
  const weights = found ? weightsUnder(snapshot, found).filter(isMeant) : [];
  if (!found || weights.length === 0) return undefined;
  const lines = weights.map((weight) => `${lineOf(weight, found)}`);
  return `${inline(found.config.name.name)}:\n${bullets(someOf(lines, 6))}`;
}

function lineOf({ address, weight, place }: PlacedWeight, { numbers }: Under): string {
  const type = inline(numericType(weight.type, numbers));
  return place.names[0] === address ? `${inline(address)}: ${type}` : `${placeText(address, place.names)}: ${type}`;
}

export const weightsUnder = ({ program }: HoverPlace["snapshot"], { module }: Under): readonly PlacedWeight[] =>
  module ? findWeights(program, program.entry, module).weights : [];

/** The weights that a rule maps: those that no rule before it fits. */
export function ruleText(place: HoverPlace, rules: readonly AddressRule[], rule: AddressRule): string | undefined {
  const earlier = rules.slice(0, rules.indexOf(rule)).map(patternOf);
  const own = patternOf(rule);
  return placedText(place, ({ address }) => own.test(address) && !earlier.some((pattern) => pattern.test(address)));
}

function patternOf({ address }: AddressRule): RegExp {
  const steps = address.map((segment) => {
    if (segment.kind === "any") return ".*";
    if (segment.kind === "group") return `(?:${segment.names.map(({ name }) => name).join("|")})`;
    const { name, index } = segment;
    if (!index) return name.name;
    return `${name.name}\\.${index.kind === "number" ? index.text : "(?:\\{\\w+\\}|\\d+)"}`;
  });
  return new RegExp(`^${steps.join("\\.")}(?:\\.\\w+)?$`);
}
