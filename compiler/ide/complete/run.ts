/** `generate config.task over axis { ... }` and `train config.task { ... }` */
import { ofSampler, samplers, settings as generation } from "../../3-lower/generation.js";
import { settings as training, type Makers } from "../../3-lower/training.js";
import { startsItem, target } from "./config.js";
import { namesBehind, type Cursor } from "./cursor.js";
import { blockNamed } from "./declared.js";
import { namesGiven } from "./due.js";
import { isName, itemsOf, linesOf, path, type Element } from "./elements.js";
import { namedGap } from "./names.js";
import { keyword, type Suggestion } from "./suggestion.js";

export function inRun(cursor: Cursor): Suggestion[] {
  const [top, braces, call] = path(cursor.nest);
  const [word, ...elements] = top?.elements ?? [];
  const makers = word?.kind === "train" ? trainMakers : generateMakers;
  if (!braces) return inTarget(cursor, word?.kind === "generate", elements);
  const items = linesOf(braces.elements);
  if (!call) return inSettings(cursor, items, word?.kind === "train" ? trainSettings : generateSettings, makers);
  const setting = items.at(-1)?.[0];
  const name = braces.elements.at(-1);
  if (call !== cursor.nest || call.open?.kind !== "(" || !isName(setting) || !isName(name)) return [];
  return inMaker(cursor, call.elements, makers[setting.text]?.[name.text]);
}

function inTarget(cursor: Cursor, isGeneration: boolean, elements: readonly Element[]): Suggestion[] {
  const over = elements.findIndex(({ kind }) => kind === "over");
  if (over >= 0) return over === elements.length - 1 ? sizesOf(cursor, elements[0]) : [];
  if (elements.length === 3 && isGeneration) return [keyword("over")];
  return target(cursor, elements);
}

/** The sizes of a config's model: those that a text can grow along. */
function sizesOf({ snapshot, file }: Cursor, config: Element | undefined): Suggestion[] {
  const model = isName(config) ? file.configs.get(config.text)?.model.name : undefined;
  const block = model === undefined ? undefined : blockNamed(snapshot.program, file, model);
  return (block?.declaration.variables ?? []).map(({ name }) => ({
    label: name,
    kind: "axis",
    detail: `size of ${model}`,
  }));
}

/** What a setting can be, and the arguments of each. */
type Choices = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const generateMakers: Choices = {
  sample: Object.fromEntries([...samplers.keys()].map((name) => [name, ofSamplerAlone(name)] as const)),
};

/** Beside its own number, which stands first, a sampler may be given others by name. */
function ofSamplerAlone(name: string): string[] {
  if (name === "greedy" || name === "temperature") return [];
  return name === "beam" ? [...ofSampler.keys()].filter((each) => !generation.has(each)) : ["temperature"];
}

const isMakers = (choices: (typeof training)[string]): choices is Makers =>
  typeof choices === "object" && !Array.isArray(choices);

const trainMakers: Choices = Object.fromEntries(
  Object.entries(training).map(([setting, choices]) => {
    if (isMakers(choices))
      return [setting, Object.fromEntries(Object.entries(choices).map(([name, given]) => [name, Object.keys(given)]))];
    return [setting, Object.fromEntries((Array.isArray(choices) ? choices : []).map((word: string) => [word, []]))];
  }),
);

const trainSettings = Object.keys(training);
const generateSettings = ["sample", "start", "stop", ...generation.keys()];

export const docs: Readonly<Record<string, string>> = {
  sample: "How the next token is chosen.",
  start: "Tokens that a text begins with, before its prompt.",
  stop: "Tokens that end the text.",
  max_tokens: "At most so many.",
  temperature: "Above 1 unlikely tokens are drawn more often, below 1 less.",
  repetition_penalty: "Above 1 makes tokens that were seen less likely.",
  greedy: "The likeliest token.",
  top_k: "One of the k likeliest.",
  top_p: "One of the likeliest that together have this probability.",
  min_p: "One of those that have at least this share of the likeliest one's probability.",
  beam: "The likeliest of the texts that so many beams find.",
  length_penalty: "Above 0 prefers long texts.",
  optimizer: "What becomes of the weights by the gradient.",
  schedule: "How the learning rate goes up and down.",
  clip: "The gradient's largest norm.",
  accumulate: "Batches for one step.",
  ema: "A running mean of the weights.",
  precision: "Of the arithmetic.",
};

function inSettings(
  cursor: Cursor,
  items: readonly (readonly Element[])[],
  names: readonly string[],
  makers: Choices,
): Suggestion[] {
  const current = startsItem(cursor, items) ? [] : (items.at(-1) ?? []);
  const [setting, colon, value] = current;
  if (isName(setting) && colon && !value) return choices(makers[setting.text] ?? {});
  if (setting) return [];
  const given = new Set([...namesGiven([...items, []]), ...namesBehind(cursor)]);
  return names
    .filter((name) => !given.has(name))
    .map((name) => ({ ...namedGap(name, "", "setting", docs[name]), label: name }));
}

const choices = (makers: Choices[string]): Suggestion[] =>
  Object.entries(makers).map(([label, given]) => {
    const usual = Object.hasOwn(usualNumbers, label) ? usualNumbers[label] : undefined;
    const shown = [...(usual === undefined ? [] : [usual]), ...given];
    return {
      label,
      kind: "setting",
      ...(docs[label] !== undefined && { documentation: docs[label] }),
      ...(shown.length > 0 && {
        detail: `${label}(${shown.join(", ")})`,
        snippet: `${label}(${usual === undefined ? "$1" : `\${1:${usual}}`})$0`,
      }),
    };
  });

/** A sampler's own number, for who does not know yet of what order it is. */
const usualNumbers: Readonly<Record<string, string>> = {
  top_p: "0.9",
  top_k: "50",
  min_p: "0.05",
  temperature: "0.8",
  beam: "4",
};

function inMaker(cursor: Cursor, elements: readonly Element[], names: readonly string[] = []): Suggestion[] {
  const items = itemsOf(elements);
  if (items.at(-1)?.length !== 0) return [];
  const given = new Set([...namesGiven(items), ...namesBehind(cursor)]);
  return names.filter((name) => !given.has(name)).map((name) => namedGap(name, "number", "setting", docs[name]));
}
