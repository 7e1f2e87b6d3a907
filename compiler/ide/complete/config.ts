/** Numbers for a model: `config`, and the settings of `block Name = Other{...}`; facts about them: `check`. */
import { tasksOf } from "../../1-resolve/program.js";
import { kindsOf } from "../../2-check/kinds.js";
import { inBrackets } from "./brackets.js";
import { namesBehind, type Cursor } from "./cursor.js";
import { blockNamed } from "./declared.js";
import { entriesOf, namesGiven } from "./due.js";
import { isName, itemsOf, linesOf, path, type Element, type Nest } from "./elements.js";
import { expression } from "./expression.js";
import { headOf } from "./head.js";
import { nameOfKind, type Locals } from "./local.js";
import { models } from "./names.js";
import { keyword, type Suggestion } from "./suggestion.js";
import { textsComparedWith } from "./texts.js";

/** Declarations that give no names of their own. */
export const noLocals = ({ text, declaration }: Cursor): Locals => ({
  head: headOf(text, declaration),
  all: [],
  labels: [],
});

/** `config name = Model{...}` */
export function inConfig(cursor: Cursor): Suggestion[] {
  const [top, first] = path(cursor.nest);
  const elements = top?.elements ?? [];
  if (!first) return elements.length === 3 && elements[2]?.kind === "=" ? models(cursor) : [];
  const model = elements[3];
  if (!isName(model)) return [];
  if (first !== cursor.nest) return inBrackets(cursor, noLocals(cursor), cursor.nest);
  return inEntries(cursor, noLocals(cursor), model.text, linesOf(first.elements), true);
}

/** `block Name = Other{...}` */
export function inAlias(cursor: Cursor, locals: Locals, nest: Nest): Suggestion[] {
  const target = nest.outer?.elements[3];
  if (nest !== cursor.nest || !isName(target)) return inBrackets(cursor, locals, cursor.nest);
  return inEntries(cursor, locals, target.text, itemsOf(nest.elements), false);
}

function inEntries(
  cursor: Cursor,
  locals: Locals,
  name: string,
  items: readonly (readonly Element[])[],
  ofModel: boolean,
): Suggestion[] {
  const { program } = cursor.snapshot;
  const block = blockNamed(program, cursor.file, name);
  if (!block) return [];
  const tasks = ofModel ? tasksOf(program, name) : [];
  const owners = [block, ...tasks.map(({ task, file }) => ({ declaration: task, file, set: block.set }))];
  const current = startsItem(cursor, items) ? [] : (items.at(-1) ?? []);
  const [entry, colon, ...value] = current;
  if (isName(entry) && colon) {
    const kinds = owners.map(({ declaration, file }) => kindsOf(program, file, declaration).get(entry.text));
    const type = nameOfKind[kinds.find((kind) => kind !== undefined) ?? ""] ?? "int";
    const texts = type === "string" ? textsComparedWith(block.declaration, entry.text) : [];
    return expression(cursor, locals, value, { type, isStatic: true, texts });
  }
  if (entry) return [];
  const given = new Set([...namesGiven([...items, []]), ...namesBehind(cursor), ...block.set]);
  return owners.flatMap((owner) => entriesOf(owner, kindsOf(program, owner.file, owner.declaration), given));
}

/** A line of its own is an item of its own. */
export const startsItem = ({ startsLine }: Cursor, items: readonly (readonly Element[])[]): boolean => {
  const last = items.at(-1)?.at(-1);
  return startsLine && last !== undefined && last.kind !== ":" && last.kind !== "=";
};

/** `check params(config.task) == number` */
export function inCheck(cursor: Cursor): Suggestion[] {
  const { elements, outer } = cursor.nest;
  const last = elements.at(-1);
  const isCount = isName(outer?.elements.at(-1));
  if (!isCount) return outer || last?.kind !== "number" ? [params] : [];
  return target(cursor, elements);
}

const params = keyword(
  "params",
  "params(${1:config})$0",
  "`params(config)`: how many numbers are in the weights of the model; `params(config.task)`: in those of a task too.",
);

/** `config`, or `config.task` */
export function target({ snapshot, file }: Cursor, elements: readonly Element[]): Suggestion[] {
  const [config, point] = elements;
  const found = isName(config) ? file.configs.get(config.text) : undefined;
  if (elements.length === 0)
    return [...file.configs.values()].map(({ name, model, settings, doc }) => ({
      label: name.name,
      kind: "config",
      detail: file.text.slice(model.span.start, settings.span.end).replace(/\s+/g, " "),
      ...(doc !== undefined && { documentation: doc }),
    }));
  if (!found || point?.kind !== "." || elements.length !== 2) return [];
  return tasksOf(snapshot.program, found.model.name).map(({ task, file: { text } }) => ({
    label: task.name.name,
    kind: "task",
    detail: text.slice(task.span.start, task.body.span.start).replace(/\s+/g, " ").trim(),
    ...(task.doc !== undefined && { documentation: task.doc }),
  }));
}
