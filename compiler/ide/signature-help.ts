/** What the brackets at the cursor take: the head of what is applied or called, and which part of it is being written. */
import type { BlockDeclaration, FunctionDeclaration, IndexDeclaration, Span } from "../../grammar/ast.js";
import { lookup, tasksOf, type Declared, type SourceFile } from "../1-resolve/program.js";
import { kindsOf } from "../2-check/kinds.js";
import { primitives, type Primitive } from "../ops/index.js";
import type { Snapshot } from "./snapshot.js";
import { blockOfName, startOfLayer } from "./complete/callee.js";
import { cursorAt, type Cursor } from "./complete/cursor.js";
import { usageOf, written } from "./complete/declared.js";
import { isGroup, isLower, isName, isUpper, itemsOf, type Element, type Nest } from "./complete/elements.js";
import { nameOfKind, type Locals } from "./complete/local.js";
import { localsAt } from "./complete/locals.js";

export interface SignatureHelp {
  /** `Attention{heads, kv_heads = heads, ...}` */
  readonly label: string;
  readonly doc: string | undefined;
  readonly parameters: readonly SignatureParameter[];
  /** Which of them is being written, or comes next; undefined where all are given. */
  readonly active: number | undefined;
}

export interface SignatureParameter {
  /** Where it is in the label. */
  readonly span: Span;
  readonly doc: string | undefined;
}

/** Undefined outside of brackets that take something; works while they are open. */
export function signatureHelp(snapshot: Snapshot, file: string, offset: number): SignatureHelp | undefined {
  const cursor = cursorAt(snapshot, file, offset) ?? cursorAt(snapshot, file, startOfNumber(snapshot, file, offset));
  if (!cursor) return undefined;
  const locals = localsAt(cursor);
  for (let nest: Nest = cursor.nest; nest.outer; nest = nest.outer) {
    const found = takenBy(cursor, locals, nest, nest.outer.elements);
    if (found === "nothing") return undefined;
    if (found) return helpFor(found, itemsOf(nest.elements), nest === cursor.nest ? cursor : undefined);
  }
  return undefined;
}

function startOfNumber(snapshot: Snapshot, file: string, offset: number): number {
  const text = snapshot.source(file)?.text.slice(0, offset) ?? "";
  return text.length - (/[\w.]*$/.exec(text)?.[0].length ?? 0);
}

/** What a pair of brackets takes. */
interface Taking {
  readonly before: string;
  readonly slots: readonly Slot[];
  readonly after: string;
  readonly doc: string | undefined;
  /** How many of the slots are filled before the first is written: what is piped in. */
  readonly filled: number;
}

interface Slot {
  readonly name: string;
  readonly text: string;
  readonly doc?: string | undefined;
}

/** "nothing": the braces of a body, past which nothing is asked for. */
function takenBy(
  cursor: Cursor,
  locals: Locals,
  { open }: Nest,
  before: readonly Element[],
): Taking | "nothing" | undefined {
  const owner = before.at(-1);
  switch (open?.kind) {
    case "{":
      if (isUpper(owner)) return settingsOf(cursor, locals, owner.text);
      return before.at(-3)?.kind === "attend" ? attendClauses : "nothing";
    case "[":
      if (owner?.kind === "attend") return { ...attendAxes, filled: 0 };
      return isLower(owner) ? axesOf(cursor, owner.text) : undefined;
    case "(":
      return argumentsOf(cursor, locals, before);
    default:
      return undefined;
  }
}

// ------------------------------------------------------------------------------------------------------------- settings

function settingsOf(cursor: Cursor, locals: Locals, name: string): Taking | "nothing" {
  const { program } = cursor.snapshot;
  const block = blockOfName(cursor, locals, name);
  if (!block) return "nothing";
  const { declaration, file, set } = block;
  const own = entriesOf(cursor, file, declaration).filter((slot) => !set.has(slot.name));
  const isModel = declaration.keyword === "model";
  const tasks = isModel ? tasksOf(program, declaration.name.name) : [];
  const ofTasks = tasks.flatMap(({ task, file: its }) =>
    entriesOf(cursor, its, task).map((slot) => ({ ...slot, doc: `${slot.doc}, of the task ${task.name.name}` })),
  );
  const slots = [...own, ...ofTasks].filter(
    ({ name: each }, n, all) => all.findIndex((one) => one.name === each) === n,
  );
  return { before: `${name}{`, slots, after: "}", doc: declaration.doc, filled: 0 };
}

function entriesOf({ snapshot }: Cursor, file: SourceFile, owner: Parameters<typeof kindsOf>[2]): Slot[] {
  const kinds = kindsOf(snapshot.program, file, owner);
  return owner.parameters.map((entry) => {
    const kind = nameOfKind[kinds.get(entry.name.name) ?? ""] ?? "int";
    const rest = entry.fallback ? `${written(file, entry.fallback)} if left out` : "needed";
    return { name: entry.name.name, text: written(file, entry), doc: `${kind}, ${rest}` };
  });
}

// ------------------------------------------------------------------------------------------------------------ arguments

function argumentsOf(cursor: Cursor, locals: Locals, before: readonly Element[]): Taking | undefined {
  const last = before.at(-1);
  const hasBrackets = isGroup(last, "[");
  const at = before.length - (hasBrackets || isGroup(last, "{") ? 2 : 1);
  const name = before[at];
  if (name?.kind === "attend") return { ...attendOperands, filled: 0 };
  const filled = (start: number): number => (before[start - 1]?.kind === "|>" ? 1 : 0);
  if (isUpper(name) && !hasBrackets) {
    const block = blockOfName(cursor, locals, name.text);
    return block && inputsOf(block, filled(startOfLayer(before, at)));
  }
  if (!isLower(name) || isGroup(last, "{")) return undefined;
  const label = filled(at) === 1 ? locals.labels.find((each) => each.name === name.text)?.below?.blocks[0] : undefined;
  const block = label && blockOfName(cursor, locals, label.name, label.file);
  if (block) return inputsOf(block, 1);
  const declared = functionNamed(cursor, name.text);
  if (declared) return inputsOf(declared, filled(at));
  const primitive = primitives.get(name.text);
  return primitive && valuesOf(primitive, filled(at));
}

type Callable = BlockDeclaration | FunctionDeclaration | IndexDeclaration;

function functionNamed(
  { snapshot, file }: Cursor,
  name: string,
): Declared<FunctionDeclaration | IndexDeclaration> | undefined {
  const found = lookup(snapshot.program, file, name);
  const { declaration } = found ?? {};
  return found && (declaration?.kind === "function" || declaration?.kind === "index")
    ? { declaration, file: found.file }
    : undefined;
}

function inputsOf({ declaration, file }: Declared<Callable>, filled: number): Taking {
  const slots = declaration.inputs.map((input): Slot => {
    const isPiped = filled > 0 && input === declaration.inputs[0];
    const rest = input.fallback ? `${written(file, input.fallback)} if left out` : undefined;
    return { name: input.name.name, text: written(file, input), doc: isPiped ? "what stands before `|>`" : rest };
  });
  const results = declaration.kind === "index" ? [] : declaration.results.map((type) => written(file, type));
  const after = results.length > 0 ? `) -> ${results.join(", ")}` : ")";
  return { before: `${declaration.name.name}(`, slots, after, doc: declaration.doc, filled };
}

/** Primitives are known by an example of their use: `conv[h, w](x, weight, stride: 2)`. */
function valuesOf(primitive: Primitive, filled: number): Taking {
  const [, before = "", values = ""] = /^(.*\()(.*)\)$/.exec(usageOf(primitive)) ?? [];
  return { before, slots: slotsIn(values), after: ")", doc: primitive.doc, filled };
}

function axesOf(cursor: Cursor, name: string): Taking | undefined {
  const declared = functionNamed(cursor, name);
  if (declared?.declaration.kind === "function") {
    const { variables, doc } = declared.declaration;
    const slots = variables.map((each) => ({ name: each.name, text: each.name }));
    return slots.length > 0 ? { before: `${name}[`, slots, after: "](...)", doc, filled: 0 } : undefined;
  }
  const primitive = declared ? undefined : primitives.get(name);
  const [, before = "", axes = "", after = ""] = /^(\w+\[)(.*?)(\].*)$/.exec(primitive ? usageOf(primitive) : "") ?? [];
  return primitive && before !== ""
    ? { before, slots: slotsIn(axes), after, doc: primitive.doc, filled: 0 }
    : undefined;
}

const slotsIn = (text: string): Slot[] =>
  text === "" ? [] : text.split(", ").map((each) => ({ name: each.replace(/:.*/, ""), text: each }));

// --------------------------------------------------------------------------------------------------------------- attend

const attendDoc =
  "The softmax over the keys of `scale` times the product of queries and keys, changed by `score`, where `mask` is true, times the values.";

const attendAxes: Omit<Taking, "filled"> = {
  before: "attend[",
  slots: [
    { name: "i", text: "i", doc: "the axis of the queries" },
    { name: "j", text: "j", doc: "the axis of the keys" },
  ],
  after: "](query, key, value) { ... }",
  doc: attendDoc,
};

const attendOperands: Omit<Taking, "filled"> = {
  before: "attend[i, j](",
  slots: [
    { name: "query", text: "query: f32[.., i, c]" },
    { name: "key", text: "key: f32[.., j, c]" },
    { name: "value", text: "value: f32[.., j, e]" },
  ],
  after: ") -> f32[.., i, e]",
  doc: attendDoc,
};

const attendClauses: Taking = {
  before: "attend[i, j](query, key, value) { ",
  slots: [
    { name: "scale", text: "scale: real = 1.0", doc: "times the products of queries and keys" },
    { name: "mask", text: "mask = true", doc: "which keys `k` a query `q` sees" },
    { name: "score", text: "score = s", doc: "what becomes of a score `s` before the softmax" },
    { name: "dropout", text: "dropout: real = 0.0", doc: "of the weights, in training" },
  ],
  after: " }",
  doc: attendDoc,
  filled: 0,
};

// ----------------------------------------------------------------------------------------------------------------- help

/** `cursor` where the cursor's word is in these brackets themselves. */
function helpFor(taking: Taking, items: readonly (readonly Element[])[], cursor: Cursor | undefined): SignatureHelp {
  const parameters: SignatureParameter[] = [];
  let label = taking.before;
  for (const [n, { text, doc }] of taking.slots.entries()) {
    if (n > 0) label += ", ";
    parameters.push({ span: { start: label.length, end: label.length + text.length }, doc });
    label += text;
  }
  return { label: label + taking.after, doc: taking.doc, parameters, active: activeOf(taking, items, cursor) };
}

/** By its name where it has one; else, of data, by its place, and of entries the first that is not given. */
function activeOf(
  { slots, before, filled }: Taking,
  items: readonly (readonly Element[])[],
  cursor: Cursor | undefined,
): number | undefined {
  const [first, sign] = items.at(-1) ?? [];
  const word = cursor?.text.slice(cursor.word.start, cursor.word.end);
  const named = isName(first) && (sign?.kind === ":" || sign?.kind === "=") ? first.text : first ? undefined : word;
  const byName = slots.findIndex(({ name }) => name === named);
  const isEntry = before.endsWith("{") || before.endsWith("{ ");
  if (byName >= 0 && (isEntry || sign)) return byName;
  const given = new Set(
    items.slice(0, -1).flatMap(([name, mark]) => (isName(name) && (isEntry || mark?.kind === ":") ? [name.text] : [])),
  );
  // What follows something given by name is given by name too.
  const place = isEntry ? 0 : filled + items.slice(0, -1).filter((item) => item[1]?.kind !== ":").length;
  const next = slots.findIndex(({ name }, n) => n >= place && !given.has(name));
  return next < 0 ? undefined : next;
}
