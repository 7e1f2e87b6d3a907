import { applyEdits, parse, print } from "../../compiler/index.js";
import { remove, replace, type Edit } from "./edits.js";
import { kindOf } from "./entry-kind.js";
import type { Kind } from "./example-parts.js";
import type { Family } from "./families.js";
import type { Entries } from "./read-entries.js";
import { written } from "./value.js";

export interface Checkpoint {
  /** What the config is called: a name of the language. */
  readonly name: string;
  /** What the weights are from, as a text. */
  readonly from: string;
  /** The tokens that a text begins with, where the checkpoint says so; and those that end it. */
  readonly start: readonly number[];
  readonly stop: readonly number[];
  /** How the checkpoint says that it likes to be sampled: `top_p(0.9, temperature: 0.6)`. */
  readonly sample: string | undefined;
}

/**
 * The example's text for one checkpoint: blocks, model and weights rules stay, the published configs and checks become one
 * config with this checkpoint's numbers, and tasks and generation are what it was trained for. The rules that found the numbers
 * have done their work.
 */
export function writeExample(family: Family, entries: Entries, checkpoint: Checkpoint): string {
  const { text, weights, model } = family.example;
  const name = nameOf(family, checkpoint);
  const config = `config ${name} = ${model.name.name}{${settings(family, entries)}}`;
  const edits = [
    ...published(family, config),
    ...taskEdits(family),
    replace(weights.from.span, JSON.stringify(checkpoint.from)),
    ...weights.rules.flatMap((rule) => (isOfConfig(rule) ? [remove(text, rule.span)] : [])),
    ...runEdits(family, name, checkpoint),
  ];
  const edited = applyEdits(text, edits);
  return print(parse(edited), edited);
}

/** The checkpoint's name, unless something else of the file has it. */
function nameOf({ example }: Family, { name }: Checkpoint): string {
  const isTaken = example.declarations.some((one) => "name" in one && one.kind !== "config" && one.name.name === name);
  return isTaken ? `${name}_model` : name;
}

/** The entries of the model, and of the tasks that are left. */
function settings({ example: { model, tasks: all }, tasks }: Family, entries: Entries): string {
  const kept = all.filter(({ name }) => tasks.has(name.name));
  const parameters = new Map(
    [model, ...kept].flatMap((one) => one.parameters.map((parameter) => [parameter.name.name, parameter] as const)),
  );
  const given = [...parameters.values()].flatMap((parameter) => {
    const value = entries.given(parameter);
    const isReal = kindOf(parameter, (name) => parameters.get(name)) === "real";
    return value === undefined ? [] : [`${parameter.name.name}: ${written(value, isReal)}`];
  });
  return given.join(", ");
}

/** Configs and checks speak of the published sizes. The config stands where the first of them was. */
function published({ example: { text, declarations, weights } }: Family, config: string): Edit[] {
  const [first, ...others] = declarations.filter(({ kind }) => kind === "config" || kind === "check");
  if (!first) return [replace({ start: weights.span.start, end: weights.span.start }, `${config}\n\n`)];
  return [replace(first.span, config), ...others.map(({ span }) => remove(text, span))];
}

/** Tasks that the checkpoint has no weights for go. */
const taskEdits = ({ example: { text, declarations }, tasks }: Family): Edit[] =>
  declarations.flatMap((one) =>
    one.kind === "task" && !tasks.has(one.name.name) ? [remove(text, withDoc(text, one))] : [],
  );

/** With the `##` lines above it. */
function withDoc(text: string, { span, doc }: Kind<"task"> | Kind<"run">): { start: number; end: number } {
  if (doc === undefined) return span;
  const above = /(?:(?<![^\n])[ \t]*##[^\n]*\n)+[ \t]*$/.exec(text.slice(0, span.start))?.[0] ?? "";
  return { start: span.start - above.length, end: span.end };
}

type Rule = Kind<"weights">["rules"][number];

const isOfConfig = (rule: Rule): boolean =>
  rule.kind === "type-rule" ||
  rule.kind === "class-rule" ||
  rule.kind === "config-rule" ||
  rule.kind === "expect-rule" ||
  (rule.kind === "ignore-rule" && rule.what === "fields");

/** The first `generate`, and the first `train`, of a task that is left speaks of the checkpoint; others go. */
function runEdits({ example, tasks }: Family, name: string, { start, stop, sample }: Checkpoint): Edit[] {
  const listed = (tokens: readonly number[]): string =>
    tokens.length === 1 ? String(tokens[0]) : `[${tokens.join(", ")}]`;
  const own = new Map([
    ["stop", listed(stop)],
    ...(start.length > 0 ? [["start", listed(start)] as const] : []),
    ...(sample === undefined ? [] : [["sample", sample] as const]),
  ]);
  const done = new Set<string>();
  return example.declarations.flatMap((run): Edit[] => {
    if (run.kind !== "run") return [];
    const [config, task] = run.target;
    if (!config || (task && !tasks.has(task.name)) || done.has(run.keyword))
      return [remove(example.text, withDoc(example.text, run))];
    done.add(run.keyword);
    return [
      replace(config.span, name),
      ...run.settings.entries.flatMap(({ name: { name: setting }, value }) => {
        const text = run.keyword === "generate" ? own.get(setting) : undefined;
        return text === undefined ? [] : [replace(value.span, text)];
      }),
    ];
  });
}
