/** What a config.json says and the example does not ask for. */
import { expectationsOf } from "./expectations.js";
import { rulesOf, type Expression, type Weights } from "./example-parts.js";
import type { Fields } from "./fields.js";
import { isHarmless } from "./harmless.js";
import { isObject, type Json } from "./json.js";
import { olderPaths } from "./older-paths.js";

/** A line for each field that may matter. */
export function notesOn(weights: Weights, config: Fields): string[] {
  const asked = new Set(pathsIn(weights).flatMap((path) => [path, ...olderPaths(path)].map(withoutItems)));
  const dropouts = [...asked].flatMap((path) => (isDropout(path) ? (config.find(path) ?? []) : []));
  return unasked(config.object, "", asked).flatMap(([path, value]): string[] => {
    if (!isDropout(path)) return [`${config.file}: ${path} is not known to tfmc import, and is ignored`];
    if (isNothing(value) || dropouts.some((one) => one.value === value)) return [];
    const [stand] = dropouts;
    const instead = stand ? `, ${stand.path} = ${JSON.stringify(stand.value)} stands for it` : "";
    return [`${path} = ${JSON.stringify(value)} is left out${instead}: it acts in training only`];
  });
}

/** Rates at which training leaves something out. */
const isDropout = (path: string): boolean => /drop(out|$|_|path)/.test(path);

const isNothing = (value: Json): boolean => value === 0 || value === false;

/** `depths[0]` asks for `depths`. */
const withoutItems = (path: string): string => path.replace(/\[.*$/, "");

function unasked(value: Json, path: string, asked: ReadonlySet<string>): [path: string, value: Json][] {
  if (!isObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, field]): [string, Json][] => {
    const own = path === "" ? name : `${path}.${name}`;
    if (asked.has(own) || field === null || isHarmless(name)) return [];
    const isOpened = isObject(field) && [...asked].some((each) => each.startsWith(`${own}.`));
    return isOpened ? unasked(field, own, asked) : [[own, field]];
  });
}

function pathsIn(weights: Weights): string[] {
  const fields = rulesOf(weights, "config-rule").flatMap(({ entries }) => entries);
  const expected = expectationsOf(weights);
  const expressions = [
    ...fields.flatMap(({ value, fallback, cases = [] }) => [value, fallback, ...cases.map((one) => one.value)]),
    ...expected.flatMap(({ field, when }) => [field, when]),
  ];
  const ignored = rulesOf(weights, "ignore-rule").flatMap(({ what, names }) => (what === "fields" ? names : []));
  return [...expressions.flatMap((one) => (one ? stringsIn(one) : [])), ...ignored.map(({ value }) => value)];
}

function stringsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case "string":
      return [expression.value];
    case "unary":
      return stringsIn(expression.operand);
    case "binary":
      return [expression.left, expression.right].flatMap(stringsIn);
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise].flatMap(stringsIn);
    case "list":
      return expression.items.flatMap(stringsIn);
    case "call":
      return expression.arguments.flatMap(({ value }) => stringsIn(value));
    default:
      return [];
  }
}
