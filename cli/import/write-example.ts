import { print, parse } from "../../compiler/index.js";
import { entriesToGive } from "./default-value.js";
import { partsOf, type ExampleParts } from "./example-parts.js";
import type { Imported } from "./imported.js";

export interface Checkpoint {
  /** What the config is called: a name of the language. */
  readonly name: string;
  /** What the weights are from, as a text. */
  readonly from: string;
  /** The tokens that end a text. */
  readonly stop: readonly number[];
  /** How the checkpoint says that it likes to be sampled: `top_p(0.9, temperature: 0.6)`. */
  readonly sample: string | undefined;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The example's text for one checkpoint: blocks, model, tasks and weights rules stay, the published configs and checks
 * become one config with this checkpoint's numbers, and generation speaks of that.
 */
export function writeExample(text: string, imported: Imported, checkpoint: Checkpoint): string {
  const parts = partsOf(text, imported.example);
  const name = parts.taken.has(checkpoint.name) ? `${checkpoint.name}_model` : checkpoint.name;
  const [first, ...others] = parts.published;
  const config = `config ${name} = ${parts.model.name.name}{${settingsText(parts, imported)}}`;
  const edits: Edit[] = [
    ...(first ? [{ from: first.span.start, to: first.span.end, text: config }] : []),
    ...others.map(({ span }) => ({ from: span.start, to: span.end, text: "" })),
    { from: parts.weights.from.span.start, to: parts.weights.from.span.end, text: JSON.stringify(checkpoint.from) },
    ...headRule(text, parts, imported),
    ...generateEdits(parts, name, checkpoint),
  ];
  const written = apply(text, edits);
  return print(parse(written), written);
}

function settingsText({ model }: ExampleParts, { entries }: Imported): string {
  return entriesToGive(model, entries)
    .map(([name, value, real]) => `${name}: ${real && typeof value === "number" ? realText(value) : String(value)}`)
    .join(", ");
}

/** A number as the language writes reals: with a point or an exponent. */
function realText(value: number): string {
  const short = value.toExponential().replace("e+", "e");
  const plain = Number.isInteger(value) ? `${value}.0` : String(value);
  return short.length < plain.length ? short : plain;
}

/** A tied checkpoint may hold the head all the same, a copy of the embedding. */
function headRule(text: string, { weights }: ExampleParts, { entries }: Imported): Edit[] {
  if (entries["tied"] !== true) return [];
  const rule = weights.rules.find(
    (one) => one.kind === "address-rule" && text.slice(one.span.start, one.span.end).startsWith("lm_head"),
  );
  return rule ? [{ from: rule.span.start, to: rule.span.end, text: 'ignore "lm_head.weight"' }] : [];
}

function generateEdits({ generate }: ExampleParts, name: string, { stop, sample }: Checkpoint): Edit[] {
  const [target] = generate.target;
  const settings = new Map(generate.settings.entries.map(({ name, value }) => [name.name, value.span]));
  const stopText = stop.length === 1 ? String(stop[0]) : `[${stop.join(", ")}]`;
  const sampler = settings.get("sample");
  const stopped = settings.get("stop");
  return [
    ...(target ? [{ from: target.span.start, to: target.span.end, text: name }] : []),
    ...(sampler && sample !== undefined ? [{ from: sampler.start, to: sampler.end, text: sample }] : []),
    ...(stopped ? [{ from: stopped.start, to: stopped.end, text: stopText }] : []),
  ];
}

function apply(text: string, edits: readonly Edit[]): string {
  let written = text;
  for (const { from, to, text: replacement } of edits.toSorted((a, b) => b.from - a.from)) {
    written = written.slice(0, from) + replacement + written.slice(to);
  }
  return written;
}
