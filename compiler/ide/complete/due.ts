/** What is due inside of round brackets and of braces, by what they belong to. */
import type { BlockDeclaration, TaskDeclaration } from "../../../grammar/ast.js";
import { lookup, type SourceFile } from "../../1-resolve/program.js";
import { kindsOf } from "../../2-check/kinds.js";
import { blockOfName, calleeOf, type Callee } from "./callee.js";
import { namesBehind, type Cursor } from "./cursor.js";
import { documented, written } from "./declared.js";
import { isGroup, isName, isUpper, itemsOf, type Element, type Nest } from "./elements.js";
import { nameOfKind, type Local, type Locals } from "./local.js";
import { indexNames, namedGap } from "./names.js";
import type { Suggestion } from "./suggestion.js";
import { textsComparedWith } from "./texts.js";
import { anything, type Want } from "./want.js";

/** What is due at a place: names that may be given a value, and the expression that is being written, with what it must be. */
export interface Due {
  readonly names: readonly Suggestion[];
  readonly elements: readonly Element[];
  /** Absent where only one of the names may stand. */
  readonly want?: Want;
}

/** Braces that hold statements, not settings. */
export function isBody({ open, outer }: Nest): boolean {
  return open?.kind === "{" && outer !== undefined && !isUpper(outer.elements.at(-1)) && !isAttend(outer.elements);
}

/** `attend[i, j](q, k, v)` */
const isAttend = (before: readonly Element[]): boolean =>
  before.at(-3)?.kind === "attend" && isGroup(before.at(-1), "(");

export function dueIn(cursor: Cursor, locals: Locals, nest: Nest | undefined): Due {
  const before = nest?.outer?.elements ?? [];
  if (!nest?.outer || isBody(nest)) return { names: [], elements: nest?.elements ?? [], want: locals.due ?? anything };
  const items = itemsOf(nest.elements);
  const current = items.at(-1) ?? [];
  if (nest.open?.kind === "{") {
    const block = before.at(-1);
    if (isUpper(block)) return dueInSettings(cursor, locals, block.text, items);
    return dueInAttend(items);
  }
  if (before.at(-2)?.kind === "scan") {
    const isNamed = current[1]?.kind === "=";
    return { names: [], elements: current.slice(2), ...(isNamed && { want: anything }) };
  }
  const callee = calleeOf(cursor, locals, before);
  const around = dueIn(cursor, locals, nest.outer).want ?? anything;
  return callee ? dueInCall(cursor, callee, items, around) : { names: [], elements: current, want: around };
}

// ------------------------------------------------------------------------------------------------------------ settings

/** `Block{...}`: entries that are not given yet, those that are needed first. */
function dueInSettings(cursor: Cursor, locals: Locals, name: string, items: readonly (readonly Element[])[]): Due {
  const block = blockOfName(cursor, locals, name);
  const [entry, colon, ...value] = items.at(-1) ?? [];
  if (!block) return { names: [], elements: value, ...(colon && { want: { type: "", isStatic: true } }) };
  const kinds = kindsOf(cursor.snapshot.program, block.file, block.declaration);
  if (isName(entry) && colon) {
    const type = nameOfKind[kinds.get(entry.text) ?? ""] ?? "";
    const texts = type === "string" ? textsComparedWith(block.declaration, entry.text) : [];
    return { names: [], elements: value, want: { type, isStatic: true, texts } };
  }
  if (entry) return { names: [], elements: [] };
  const given = new Set([...namesGiven(items), ...namesBehind(cursor), ...block.set]);
  return { names: entriesOf(block, kinds, given, locals.all), elements: [] };
}

/** The first name of each item but the last, which is being written. */
export const namesGiven = (items: readonly (readonly Element[])[]): string[] =>
  items.slice(0, -1).flatMap(([name]) => (isName(name) ? [name.text] : []));

/** A local of an entry's name is all that has to be written: `heads` for `heads: heads`. */
export function entriesOf(
  { declaration, file }: { readonly declaration: BlockDeclaration | TaskDeclaration; readonly file: SourceFile },
  kinds: ReadonlyMap<string, string>,
  given: ReadonlySet<string>,
  locals: readonly Local[] = [],
): Suggestion[] {
  const left = declaration.parameters.filter(({ name }) => !given.has(name.name));
  const needed = left.filter(({ fallback }) => !fallback);
  return [...needed, ...left.filter(({ fallback }) => fallback)].flatMap((parameter): Suggestion[] => {
    const { name, fallback } = parameter;
    const kind = nameOfKind[kinds.get(name.name) ?? ""] ?? "int";
    const detail = fallback ? `${kind} = ${written(file, fallback)}` : `${kind}, needed`;
    const documentation = documented(written(file, parameter), declaration.doc);
    const gap = namedGap(name.name, detail, "entry", documentation);
    const own = locals.find((each) => each.name === name.name);
    const isMeant =
      own &&
      (own.type === kind || (kind === "int" && (own.kind === "size" || own.kind === "counter")) || own.type === "");
    const pun: Suggestion = { label: name.name, kind: "entry", detail, documentation };
    return isMeant ? [pun, gap] : [{ ...gap, label: name.name }];
  });
}

// -------------------------------------------------------------------------------------------------------------- attend

const clauses: readonly (readonly [name: string, type: string, doc: string])[] = [
  ["mask", "mask", "What is false gets no weight."],
  ["score", "score", "What becomes of the score `s` before the softmax."],
  ["scale", "real", "Times the products of queries and keys; 1 if it is left out."],
  ["dropout", "real", "Of the weights, in training."],
];

const numbered: readonly (readonly [name: string, doc: string])[] = [
  ["head", "The number of the head, for masks and scores."],
  ["q", "The position of the query, where it is not that along its axis."],
  ["k", "The position of the key, where it is not that along its axis."],
];

function dueInAttend(items: readonly (readonly Element[])[]): Due {
  const [name, sign, ...value] = items.at(-1) ?? [];
  if (isName(name) && sign) {
    const type = clauses.find(([clause]) => clause === name.text)?.[1] ?? "int";
    return { names: [], elements: value, want: { type, extra: indexNames(type) } };
  }
  if (name) return { names: [], elements: [] };
  const given = new Set(namesGiven(items));
  const own: Suggestion[] = numbered.map(([clause, doc]) => ({
    label: clause,
    kind: "setting",
    detail: "int",
    documentation: doc,
    insert: `${clause} = `,
    snippet: `${clause} = $0`,
  }));
  const names = [
    ...clauses.map(([clause, type, doc]) => ({ ...namedGap(clause, type, "setting", doc), label: clause })),
    ...own,
  ];
  return { names: names.filter(({ label }) => !given.has(label)), elements: [] };
}

// --------------------------------------------------------------------------------------------------------------- calls

/** `around`: what the call is a part of. In a mask, all may speak of positions. */
function dueInCall(cursor: Cursor, callee: Callee, items: readonly (readonly Element[])[], { extra }: Want): Due {
  const current = items.at(-1) ?? [];
  const [name, colon, ...value] = current;
  const inputs = callee.isPiped ? callee.inputs.slice(1) : callee.inputs;
  if (isName(name) && colon?.kind === ":") {
    const input = inputs.find((each) => each.name === name.text);
    return {
      names: [],
      elements: value,
      want: { extra, ...wantOf(cursor, callee.name, input?.type ?? "", name.text) },
    };
  }
  const place = items.slice(0, -1).filter((item) => item[1]?.kind !== ":").length;
  const isByName = items.slice(0, -1).some((item) => item[1]?.kind === ":");
  const input = isByName ? undefined : inputs[place];
  const given = new Set([
    ...namesByColon(items),
    ...namesBehind(cursor),
    ...inputs.slice(0, place).map((each) => each.name),
  ]);
  const names = inputs
    .filter((each) => each.isNamed && !given.has(each.name))
    .sort((a, b) => Number(b.isNeeded) - Number(a.isNeeded))
    .map((each) => namedGap(each.name, each.detail, "input"));
  const want = { extra, ...wantOf(cursor, callee.name, input?.type ?? "", input?.name ?? "") };
  // Behind what is given by name all else is too.
  const isOnlyNamed = current.length === 0 && (isByName || (!input && !callee.takesMore));
  return { names: current.length === 0 ? names : [], elements: current, ...(!isOnlyNamed && { want }) };
}

const namesByColon = (items: readonly (readonly Element[])[]): string[] =>
  items.slice(0, -1).flatMap(([name, colon]) => (isName(name) && colon?.kind === ":" ? [name.text] : []));

function wantOf({ snapshot, file }: Cursor, callee: string, type: string, input: string): Want {
  const declared = type === "string" ? lookup(snapshot.program, file, callee)?.declaration : undefined;
  const texts = declared?.kind === "function" ? textsComparedWith(declared, input) : [];
  const extra = indexNames(type);
  return { type, texts, ...(extra.length > 0 && { extra }) };
}
