/** `quantize config { weight = way }` and `prune config { weight = way }` */
import { methodsOf } from "../../3-lower/compression.js";
import { segments, weightsAt } from "./addresses.js";
import { axesOfType } from "./axes.js";
import { target } from "./config.js";
import type { Cursor } from "./cursor.js";
import { expectsMore, isName, isUpper, linesOf, path, type Element } from "./elements.js";
import { namedGap } from "./names.js";
import type { Suggestion } from "./suggestion.js";
import { blocksOf, weightsOfBlock } from "./weights.js";

const ways: Readonly<Record<string, readonly [snippet: string, doc: string]>> = {
  int8: ["int8[${1:d}]$0", "Whole numbers from -127 to 127 times a scale; entries along the axis share one."],
  int4: ["int4[${1:d}](group: ${2:32})$0", "Whole numbers from -7 to 7; the axis must be even."],
  magnitude: ["magnitude(${1:0.5})$0", "0 for this share of them, the smallest of each tensor."],
  two_of_four: ["two_of_four[${1:d}]$0", "0 for the two smallest of each four along the axis."],
  none: ["none", "What they are."],
};

export function inCompression(cursor: Cursor): Suggestion[] {
  const [top, braces, inner] = path(cursor.nest);
  const [word, config] = top?.elements ?? [];
  if (!braces) return config ? [] : target(cursor, []);
  const model = isName(config) ? cursor.file.configs.get(config.text)?.model.name : undefined;
  if (model === undefined) return [];
  const lines = linesOf(braces.elements);
  const last = lines.at(-1)?.at(-1);
  const rule = cursor.startsLine && last && !expectsMore(last) ? [] : (lines.at(-1) ?? []);
  const equals = rule.findIndex(({ kind }) => kind === "=");
  const address = rule.slice(0, equals < 0 ? rule.length : equals);
  if (inner) {
    if (equals < 0) return inner.open?.kind === "(" ? segments(cursor, model, address, new Set()) : [];
    return inner.open?.kind === "[" ? axes(cursor, model, address) : [namedGap("group", "int", "setting")];
  }
  if (equals >= 0) return rule.length === equals + 1 ? waysOf(word?.kind === "prune" ? "prune" : "quantize") : [];
  const block = address[0];
  if (isUpper(block)) return address.length === 2 ? weightsOfBlock(cursor, block.text) : [];
  if (address.length > 0 && address.at(-1)?.kind !== ".") return [];
  const places = segments(cursor, model, address, new Set());
  return address.length === 0 ? [...places, ...blocksOf(cursor, model)] : places;
}

const waysOf = (keyword: keyof typeof methodsOf): Suggestion[] =>
  methodsOf[keyword].map((label) => ({
    label,
    kind: "setting",
    ...(ways[label] && { snippet: ways[label][0], documentation: ways[label][1] }),
  }));

/** The axes of the weights that a rule speaks of. */
function axes(cursor: Cursor, model: string, address: readonly Element[]): Suggestion[] {
  const [block, , weight] = address;
  if (!isUpper(block)) return weightsAt(cursor, model, address).flatMap(({ detail }) => axesOfType(detail));
  const own = weightsOfBlock(cursor, block.text).filter(({ label }) => isName(weight) && label === weight.text);
  return own.flatMap(({ detail }) => axesOfType(detail));
}
