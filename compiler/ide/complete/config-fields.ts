/** The rules of `weights` that say what a config.json means. */
import { tasksOf } from "../../1-resolve/program.js";
import { kindsOf } from "../../2-check/kinds.js";
import { noLocals } from "./config.js";
import type { Cursor } from "./cursor.js";
import { blockNamed, written } from "./declared.js";
import { isName, itemsOf, type Element } from "./elements.js";
import { expression } from "./expression.js";
import { nameOfKind } from "./local.js";
import { suggestLocal } from "./names.js";
import { keyword, type Suggestion } from "./suggestion.js";

/** `config entry = "field" is {...} else e, entry = ...` */
export function inFields(cursor: Cursor, model: string, rule: readonly Element[]): Suggestion[] {
  const items = itemsOf(rule.slice(1));
  const [entry, equals, ...value] = items.at(-1) ?? [];
  if (!entry) return entries(cursor, model, new Set(items.flatMap(([name]) => (isName(name) ? [name.text] : []))));
  if (!equals) return [];
  if (value.length === 0) return [count, ...entriesAsLocals(cursor, model).all.map(suggestLocal)];
  const last = value.at(-1);
  const next = expression(cursor, entriesAsLocals(cursor, model), value, {
    type: isName(entry) ? kindOfEntry(cursor, model, entry.text) : "",
    isStatic: true,
  });
  if (last?.kind === "string") return [...next, keyword("is", 'is {"$1": $2}$0'), keyword("else")];
  return last?.kind === "group" ? [...next, keyword("else")] : next;
}

const count = keyword("count", 'count("$1")$0', "How many items a field has.");

export function inExpectation(cursor: Cursor, model: string, rule: readonly Element[]): Suggestion[] {
  const item = itemsOf(rule.slice(1)).at(-1) ?? [];
  const when = item.findIndex(({ kind }) => kind === "when");
  if (when >= 0)
    return expression(cursor, entriesAsLocals(cursor, model), item.slice(when + 1), { type: "bool", isStatic: true });
  const last = item.at(-1);
  if (last?.kind === "=" || last?.kind === "|") return ["true", "false", "null"].map((label) => keyword(label));
  return item.length > 2 ? [keyword("when")] : [];
}

const owned = ({ snapshot, file }: Cursor, model: string) => {
  const block = blockNamed(snapshot.program, file, model);
  const tasks = tasksOf(snapshot.program, model).map(({ task, file: there }) => ({ declaration: task, file: there }));
  return [...(block ? [{ declaration: block.declaration, file: block.file }] : []), ...tasks];
};

function entries(cursor: Cursor, model: string, given: ReadonlySet<string>): Suggestion[] {
  return owned(cursor, model).flatMap(({ declaration, file }) =>
    declaration.parameters
      .filter(({ name }) => !given.has(name.name))
      .map((entry) => ({
        label: entry.name.name,
        kind: "entry",
        detail: written(file, entry),
        snippet: `${entry.name.name} = "$1"$0`,
      })),
  );
}

export function kindOfEntry(cursor: Cursor, model: string, entry: string): string {
  const kinds = owned(cursor, model).map(({ declaration, file }) =>
    kindsOf(cursor.snapshot.program, file, declaration).get(entry),
  );
  return nameOfKind[kinds.find((kind) => kind !== undefined) ?? ""] ?? "";
}

/** In a rule, bare names are entries. */
export function entriesAsLocals(cursor: Cursor, model: string) {
  const all = owned(cursor, model).flatMap(({ declaration, file }) => {
    const kinds = kindsOf(cursor.snapshot.program, file, declaration);
    return declaration.parameters.map(({ name }) => ({
      name: name.name,
      kind: "entry" as const,
      type: nameOfKind[kinds.get(name.name) ?? ""] ?? "int",
    }));
  });
  return { ...noLocals(cursor), all };
}
