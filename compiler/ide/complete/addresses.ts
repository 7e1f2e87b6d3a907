/** Addresses of weights as rules write them: `h[i].attn.(q k v)`. */
import { tasksOf } from "../../1-resolve/program.js";
import type { Cursor } from "./cursor.js";
import { isGroup, isName, type Element } from "./elements.js";
import { suggestBelow } from "./expression.js";
import type { Suggestion } from "./suggestion.js";
import { belowLabel, belowModel, type Below } from "./weights-below.js";

/** What a model and its tasks have at the top. */
export function topOf({ snapshot, file }: Cursor, model: string): Below[] {
  const tasks = tasksOf(snapshot.program, model).map(({ task }) => task);
  return belowModel(snapshot.program, file, model, tasks);
}

/** What may come next in an address: `elements` end behind a point, inside of a group, or are none. */
export function segments(
  cursor: Cursor,
  model: string,
  elements: readonly Element[],
  mapped: ReadonlySet<string>,
): Suggestion[] {
  const steps = stepsOf(elements);
  const below = follow(
    cursor,
    model,
    steps.map((names) => names[0] ?? ""),
  );
  const path = (name: string): string => [...steps.map((names) => names[0] ?? ""), name].join(".");
  const isMapped = ({ name }: Below): boolean =>
    path(name)
      .split(".")
      .some((_, n, parts) => mapped.has(parts.slice(0, n + 1).join(".")));
  return [...below.filter((each) => !isMapped(each)), ...below.filter(isMapped)].map((each) =>
    isMapped(each) ? { ...suggestBelow(each), detail: `${each.detail}, has a rule` } : suggestBelow(each),
  );
}

/** What stands below an address. */
export function follow(cursor: Cursor, model: string, steps: readonly string[]): Below[] {
  return steps.reduce<Below[]>(
    (all, step) => {
      const next = all.find(({ name }) => name === step);
      return next ? belowLabel(cursor.snapshot.program, next) : [];
    },
    topOf(cursor, model),
  );
}

/** The weights that an address means: itself, or those right below it. */
export function weightsAt(cursor: Cursor, model: string, elements: readonly Element[]): Below[] {
  const steps = stepsOf(elements).map((names) => names[0] ?? "");
  const last = follow(cursor, model, steps.slice(0, -1)).find(({ name }) => name === steps.at(-1));
  if (!last || last.kind === "weight") return last ? [last] : [];
  return belowLabel(cursor.snapshot.program, last).filter(({ kind }) => kind === "weight");
}

/** The names of each segment: several for a group. */
export function stepsOf(elements: readonly Element[]): string[][] {
  return elements.flatMap((element) => {
    if (isName(element)) return [[element.text]];
    return isGroup(element, "(") ? [element.elements.filter(isName).map(({ text }) => text)] : [];
  });
}

/** Groups behind groups multiply. */
const mostPaths = 1000;

/** The addresses that rules map, without their indices: `h.attn.q`. */
export function mappedBy(rules: readonly (readonly Element[])[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap((rule) => {
      const equals = rule.findIndex(({ kind }) => kind === "=");
      if (equals < 0) return [];
      const paths = stepsOf(rule.slice(0, equals)).reduce<string[]>(
        (all, names) =>
          all.flatMap((path) => names.map((name) => (path === "" ? name : `${path}.${name}`))).slice(0, mostPaths),
        [""],
      );
      return paths;
    }),
  );
}

/** What a checkpoint that follows the model calls an address: `h[i].attn.(q k)` is `h.{i}.attn.{}`. */
export function nameOf(elements: readonly Element[]): string {
  const parts: string[] = [];
  for (const element of elements) {
    if (isName(element)) parts.push(element.text);
    else if (isGroup(element, "[")) {
      const [index] = element.elements;
      if (index?.kind === "number") parts.push(index.text);
      else if (isName(index)) parts.push(`{${index.text}}`);
    } else if (element.kind === "*" || element.kind === "group") parts.push("{}");
  }
  return parts.join(".");
}
