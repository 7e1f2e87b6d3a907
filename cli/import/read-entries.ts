/** The entries of a model, and of its tasks, as the `config` rules find them in a config.json. */
import { Failure } from "../failure.js";
import { activations } from "./activations.js";
import { evaluate, type Meanings, type Read } from "./evaluate.js";
import { rulesOf, type Example, type Expression, type Parameter, type RuleOf } from "./example-parts.js";
import type { Fields } from "./fields.js";
import { describe, isOfKind, kindOf, type EntryKind } from "./entry-kind.js";
import { refuseValue } from "./refuse-value.js";
import { shown } from "./json.js";
import { isList, isSame, type Value } from "./value.js";

type Field = RuleOf<"config-rule">["entries"][number];

export interface Entries {
  /** What an entry comes to, given or by default; a name that is no entry is a function's. */
  readonly valueOf: (name: string) => Value | undefined;
  /** What the config.json says of an entry, if that is not what its default comes to anyway. */
  readonly given: (parameter: Parameter) => Value | undefined;
}

export function readEntries({ weights, model, tasks }: Example, config: Fields): Entries {
  const fields = new Map(
    rulesOf(weights, "config-rule").flatMap(({ entries }) => entries.map((one) => [one.name.name, one] as const)),
  );
  const parameters = new Map(
    [model, ...tasks].flatMap((one) => one.parameters.map((parameter) => [parameter.name.name, parameter] as const)),
  );
  const kinds = (parameter: Parameter): EntryKind | undefined => kindOf(parameter, (name) => parameters.get(name));
  const found = new Map<string, Value | undefined>();
  const open = new Set<string>();

  const valueOf = (name: string): Value | undefined => {
    const parameter = parameters.get(name);
    if (!parameter) return { name };
    return told(parameter) ?? usual(parameter);
  };
  const meanings: Meanings = { field: config.find, name: valueOf };
  const texts: Meanings = { field: (value) => ({ path: value, value, isSlice: false }), name: valueOf };
  const usual = ({ fallback }: Parameter): Value | undefined =>
    (fallback && evaluate(fallback, texts)?.value) ?? undefined;
  const told = (parameter: Parameter): Value | undefined => {
    const { name } = parameter.name;
    const field = fields.get(name);
    // What is asked for while it is being found builds on itself: its default is what is left.
    if (!field || found.has(name) || open.has(name)) return found.get(name);
    open.add(name);
    const value = readField(field, parameter, kinds(parameter), meanings, config);
    open.delete(name);
    found.set(name, value);
    return value;
  };
  return {
    valueOf,
    given: (parameter) => {
      const value = told(parameter);
      return isSame(value, usual(parameter)) ? undefined : value;
    },
  };
}

function readField(
  { name: { name }, value: written, cases, fallback }: Field,
  parameter: Parameter,
  kind: EntryKind | undefined,
  meanings: Meanings,
  config: Fields,
): Value | undefined {
  const read = evaluate(written, meanings);
  const choices = kind === "function" && !cases ? named : casesOf(cases, meanings, config);
  const value = (read && translated(read, choices, config)) ?? (fallback && evaluate(fallback, meanings)?.value);
  if (value === undefined || value === null) {
    if (parameter.fallback) return undefined;
    throw new Failure(`${config.file} has no ${firstPath(written) ?? name}`);
  }
  if (isOfKind(value, kind)) return value;
  const what = read?.path === undefined ? `${name} would be` : `${read.path} is`;
  throw new Failure(`${config.file}: ${what} ${JSON.stringify(value)}; ${describe(kind)} is due`);
}

/** A value of the field, as JSON, and what that is here. */
type Choices = readonly (readonly [value: Value | null, ours: () => Value])[] | undefined;

const named: Choices = [...activations].map(([theirs, name]) => [theirs, () => ({ name })]);

const casesOf = (cases: Field["cases"], meanings: Meanings, config: Fields): Choices =>
  cases?.map(({ field, value }) => [
    field.value,
    () => {
      const ours = evaluate(value, meanings)?.value;
      if (ours !== undefined && ours !== null) return ours;
      throw new Failure(`${config.file} has no ${firstPath(value) ?? "value for it"}`);
    },
  ]);

/** What the cases make of a value, of each item of a list. A text that they do not list is refused; other values stay. */
function translated({ value, path, isSlice }: Read, choices: Choices, config: Fields): Value | undefined {
  const one = (item: Value | null): Value | undefined => {
    const choice = choices?.find(([theirs]) => isSame(theirs, item));
    if (choice) return choice[1]();
    if (choices && typeof item === "string")
      refuseValue(
        config,
        path,
        item,
        choices.flatMap(([theirs]) => (typeof theirs === "string" ? [theirs] : [])),
      );
    return item ?? undefined;
  };
  if (!isList(value)) return one(value);
  const items = value.flatMap((item) => one(item) ?? []);
  if (isSlice !== true) return items;
  const [first] = items;
  if (items.every((item) => isSame(item, first))) return first;
  throw new Failure(`${config.file}: ${path} is ${shown(value)}, the example has one value for all of these`);
}

/** The field that an expression asks for first. */
function firstPath(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "string":
      return expression.value;
    case "binary":
      return firstPath(expression.left) ?? firstPath(expression.right);
    case "call":
      return expression.arguments.map(({ value }) => firstPath(value)).find((path) => path !== undefined);
    default:
      return undefined;
  }
}
