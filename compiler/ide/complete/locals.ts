/** The names that a declaration itself gives, as far as it is written before the cursor. */
import type { Parameter } from "../../../grammar/ast.js";
import { sourceOf } from "../../1-resolve/source-of.js";
import { kindsOf } from "../../2-check/kinds.js";
import type { Cursor } from "./cursor.js";
import { blockNamed, written } from "./declared.js";
import { grouped, path, type Element } from "./elements.js";
import { entered, named } from "./given-names.js";
import { headOf, type Head } from "./head.js";
import { labelsIn, modelLabels } from "./labels.js";
import { local, nameOfKind, type Local, type Locals } from "./local.js";
import { shapesAround } from "./shapes-around.js";
import { settled } from "./statement.js";

export function localsAt(cursor: Cursor): Locals {
  const head = withModel(cursor, headOf(cursor.text, cursor.declaration));
  const types = typesOfValues(cursor);
  const found: Local[] = [...headLocals(cursor, head), ...modelLocals(cursor, head)];
  const labels: Local[] = modelLabels(cursor, head);
  // Names last from where a body begins to where it ends: those of bodies that are open count, outermost first.
  for (const nest of path(cursor.nest)) {
    if (nest.open?.kind === "{" && nest.outer) found.push(...entered(cursor, nest.outer.elements, types));
    if (nest.outer || head.keyword === "") found.push(...named(cursor.text, settled(cursor, nest), types));
  }
  labels.push(...labelsIn(cursor, grouped(cursor.before)));
  return { head, all: latest(found), labels: latest(labels) };
}

/** A task whose model is not written yet is most likely of the file's own. */
function withModel({ file }: Cursor, head: Head): Head {
  if (head.keyword !== "task" || head.model !== undefined) return head;
  const [model] = [...file.declarations.values()].filter((each) => each.kind === "block" && each.keyword === "model");
  return { ...head, model: model?.name.name };
}

const latest = (locals: readonly Local[]): Local[] => [
  ...new Map([...locals].reverse().map((local) => [local.name, local])).values(),
];

function headLocals(cursor: Cursor, head: Head): Local[] {
  const owner = ownerOf(cursor, head);
  const kinds = owner && kindsOf(cursor.snapshot.program, cursor.file, owner);
  return [
    ...head.sizes.map(({ text }) => local(text, "size", "size")),
    ...head.entries.map(({ name, type, fallback }) =>
      local(name.text, "entry", type || (nameOfKind[kinds?.get(name.text) ?? ""] ?? kindOf(name.text, fallback))),
    ),
    ...head.inputs.map(({ name, type }) => local(name.text, "input", type)),
    ...head.values.map(({ text }, n) =>
      local(text, "value", head.model ? (modelResults(cursor, head.model)[n] ?? "") : ""),
    ),
  ];
}

function kindOf(name: string, [first]: readonly Element[]): string {
  if (/^[A-Z]/.test(name)) return "block";
  if (first?.kind === "true" || first?.kind === "false") return "bool";
  if (first?.kind === "string") return "string";
  return first?.kind === "number" && /[.e]/.test(first.text) ? "real" : "int";
}

function ownerOf({ file }: Cursor, { keyword, name }: Head) {
  if (!name) return undefined;
  if (keyword === "task") return file.tasks.find((task) => task.name.name === name.text);
  const own = file.declarations.get(name.text);
  return own?.kind === "block" ? own : undefined;
}

const modelResults = ({ snapshot, file }: Cursor, model: string): string[] => {
  const block = blockNamed(snapshot.program, file, model);
  return (block?.declaration.results ?? []).map(({ span }) => (block ? sourceOf(block.file, span) : ""));
};

/** A task sees the sizes, the entries and the inputs of its model. */
function modelLocals({ snapshot, file }: Cursor, { model }: Head): Local[] {
  const block = model === undefined ? undefined : blockNamed(snapshot.program, file, model);
  if (!block) return [];
  const { declaration } = block;
  return [
    ...declaration.variables.map(({ name }) => local(name, "size", "size")),
    ...entryLocals(block.file, declaration.parameters, kindsOf(snapshot.program, block.file, declaration)),
    ...declaration.inputs.map(({ name, type }) => local(name.name, "input", written(block.file, type))),
  ];
}

function entryLocals(file: Cursor["file"], entries: readonly Parameter[], kinds: ReadonlyMap<string, string>): Local[] {
  return entries.map(({ name, type }) =>
    local(name.name, "entry", type ? sourceOf(file, type.span) : (nameOfKind[kinds.get(name.name) ?? ""] ?? "int")),
  );
}

/** The types of values that statements name, by where the name stands. */
function typesOfValues(cursor: Cursor): ReadonlyMap<number, string> {
  const values = shapesAround(cursor).filter(({ kind }) => kind === "value");
  return new Map(values.map(({ span, type }) => [span.start, type]));
}
