/** The names that may stand for a value, and those that may stand behind `|>`. */
import type { Declared } from "../../1-resolve/program.js";
import type { Primitive } from "../../ops/index.js";
import type { Cursor } from "./cursor.js";
import { allPrimitives, declaredIn, described, useOfBlock, useOfFunction, useOfPrimitive } from "./declared.js";
import type { Local, Locals } from "./local.js";
import { keyword, plain, type Suggestion } from "./suggestion.js";
import type { Want } from "./want.js";

const familyOf = (type: string): string => /^[A-Za-z]\w*/.exec(type)?.[0] ?? "";

const isTensor = (type: string): boolean => /^(f32|i32|bool)\[/.test(type);
const numbers: ReadonlySet<string> = new Set(["size", "counter", "int", "real"]);

/** 0 for what is meant, 1 for what may be a part of it, nothing for what would be wrong. */
function rank(want: Want, type: string): number | undefined {
  const due = familyOf(want.type);
  const family = familyOf(type);
  if (want.isStatic && isTensor(type)) return undefined;
  if (due === "block" || due === "fn") return family === due ? 0 : undefined;
  if (due === "string") return family === due ? 0 : undefined;
  if (family === "block" || (want.isStatic && family === "fn")) return undefined;
  if (family === "fn" || family === "score" || family === "mask") return family === due ? 0 : 1;
  if (due === "") return 0;
  if (due === "int") return numbers.has(family) && family !== "real" ? 0 : 1;
  if (due === "real") return family === "real" ? 0 : 1;
  return family === due ? 0 : 1;
}

export const suggestLocal = ({ name, kind, type, doc, below }: Local): Suggestion => ({
  label: name,
  kind: kind === "counter" ? "value" : kind,
  ...(type !== "" && { detail: type }),
  ...(doc !== undefined && { documentation: doc }),
  ...(kind === "label" && below?.isListed && { snippet: `${name}[\${1:0}]$0` }),
});

/** What an operand may begin with. */
export function operands(cursor: Cursor, locals: Locals, want: Want): Suggestion[] {
  const due = familyOf(want.type);
  const own = [...locals.all, ...locals.labels.filter(({ kind }) => kind === "weight")];
  const ranked = (n: number): Suggestion[] =>
    own.filter(({ kind, type }) => kind !== "label" && rank(want, type) === n).map(suggestLocal);
  const all = others(cursor, locals);
  const given = givenNames(locals);
  const texts = (want.texts ?? []).map((text): Suggestion => ({ label: `"${text}"`, kind: "text" }));
  const conditional = keyword("if", "if ${1:condition} then ${2:a} else ${3:b}$0");
  if (due === "block")
    return [
      ...ranked(0),
      ...ofKind(all, ["block", "alias"]).map((each) => useOfBlock(cursor.snapshot.program, each, given)),
    ];
  if (due === "string") return [...texts, ...ranked(0), conditional];
  if (due === "fn") return [...ranked(0), ...functions(all, false, true), conditional];
  const masks = ofKind(all, ["index"]).filter(
    ({ declaration }) => "keyword" in declaration && declaration.keyword === due,
  );
  return [
    ...texts,
    ...(due === "mask" || due === "score" ? [...ranked(0), ...masks.map((each) => useOfFunction(each, false))] : []),
    ...(want.extra ?? []),
    ...ranked(0),
    ...(due === "bool" || due === "mask" ? truths : []),
    ...ranked(1),
    ...(want.isStatic ? [] : locals.labels.filter(({ kind }) => kind === "label").map(suggestLocal)),
    ...(want.isStatic ? numeric(all, due) : functions(all, false, false)),
    conditional,
    ...(due === "bool" || due === "mask" ? [] : truths),
    ...(want.isStatic ? [] : builtIn),
    ...(locals.head.entries.length > 0 ? [entryOf] : []),
    ...ofKind(all, ["outer"]).map(described),
    infinity,
  ];
}

const truths = [keyword("true"), keyword("false")];
const entryOf = keyword("cfg", "cfg.$0", "`cfg.name`: a config entry, where something else has its name.");
const infinity: Suggestion = { label: "inf", kind: "value", detail: "real" };

const builtIn = [
  keyword(
    "attend",
    "attend[${1:i}, ${2:j}](${3:query}, ${4:key}, ${5:value}) { $0 }",
    "The softmax over `j` of the products of queries and keys, times the values.",
  ),
  keyword(
    "scan",
    "scan[${1:axis}](${2:xt} = ${3:x}, ${4:h} = ${5:start}) {\n  $0\n  yield ${4:h}\n}",
    "Runs its body once for each entry along an axis, in order.",
  ),
];

const rearrange = keyword(
  "rearrange",
  "rearrange[${1:.. n d} -> ${2:.. n d}]$0",
  "Splits, transposes and merges axes.",
);

/** What may stand behind `|>`. */
export function stages(cursor: Cursor, locals: Locals, want: Want): Suggestion[] {
  const all = others(cursor, locals);
  const ofType = (type: string): Suggestion[] =>
    locals.all.filter((each) => familyOf(each.type) === type).map(suggestLocal);
  const scores = ofKind(all, ["index"]).filter(
    ({ declaration }) => "keyword" in declaration && declaration.keyword === "score",
  );
  if (familyOf(want.type) === "score") return [...ofType("score"), ...scores.map((each) => useOfFunction(each, true))];
  return [
    ...ofType("fn"),
    ...ofType("block"),
    ...blocks(cursor, locals),
    ...functions(all, true, false),
    ...locals.labels.filter(({ kind }) => kind === "label").map(suggestLocal),
    rearrange,
  ];
}

/** All that may be named, but for the declaration itself: none may contain itself. */
function others({ snapshot, file, before }: Cursor, { head }: Locals): Declared[] {
  const isOwn = ({ declaration, file: there }: Declared): boolean =>
    there === file && declaration.name.name === head.name?.text && before.length > 1 && bodied.has(head.keyword);
  return declaredIn(snapshot.program, file).filter((each) => !isOwn(each));
}

const bodied: ReadonlySet<string> = new Set(["block", "model", "fn", "mask", "score"]);

export const blocks = (cursor: Cursor, locals: Locals): Suggestion[] =>
  ofKind(others(cursor, locals), ["block", "alias"])
    .filter(({ declaration }) => !("keyword" in declaration) || declaration.keyword !== "model")
    .map((each) => useOfBlock(cursor.snapshot.program, each, givenNames(locals)));

/** Behind `label:`, where a layer is made. */
export const layers = (cursor: Cursor, locals: Locals): Suggestion[] => [
  ...locals.all.filter(({ type }) => familyOf(type) === "block").map(suggestLocal),
  ...blocks(cursor, locals),
];

export const models = ({ snapshot, file }: Cursor): Suggestion[] =>
  ofKind(declaredIn(snapshot.program, file), ["block", "alias"])
    .filter(({ declaration }) => "keyword" in declaration && declaration.keyword === "model")
    .map(described);

export const givenNames = ({ all }: Locals): ReadonlySet<string> => new Set(all.map(({ name }) => name));

const ofKind = (all: readonly Declared[], kinds: readonly string[]): Declared[] =>
  all.filter(({ declaration }) => kinds.includes(declaration.kind));

/** As a value, a function is only named: whoever gets it calls it. */
function functions(all: readonly Declared[], isPiped: boolean, isValue: boolean): Suggestion[] {
  const own = ofKind(all, ["function"]);
  if (isValue) return [...own.map(described), ...allPrimitives.map((each) => named(useOfPrimitive(each, true)))];
  const declared = own.map((each) => useOfFunction(each, isPiped));
  return [...declared, ...allPrimitives.map((primitive) => useOfPrimitive(primitive, isPiped))];
}

/** Functions of numbers that are known when the model is compiled; where a whole number is due, those that give one first. */
function numeric(all: readonly Declared[], due: string): Suggestion[] {
  const declared = ofKind(all, ["function"]).filter(
    ({ declaration }) => declaration.kind === "function" && declaration.results.every(({ axes }) => !axes),
  );
  const elementwise = allPrimitives.filter(
    ({ kind, name }) => kind === "elementwise" || name === "real" || name === "int",
  );
  const givesReals = (each: Primitive): boolean =>
    each.name === "real" || ("operand" in each && each.operand === "f32");
  const primitives =
    due === "int" ? elementwise.toSorted((a, b) => Number(givesReals(a)) - Number(givesReals(b))) : elementwise;
  return [
    ...primitives.map((each) => useOfPrimitive(each, false)),
    ...declared.map((each) => useOfFunction(each, false)),
  ];
}

const named = ({ label, kind, detail, documentation }: Suggestion): Suggestion => ({
  label,
  kind,
  ...(detail !== undefined && { detail }),
  ...(documentation !== undefined && { documentation }),
});

/** What a mask or a score may speak of. */
export function indexNames(type: string): Suggestion[] {
  const position = (label: string, detail: string): Suggestion => ({ label, kind: "value", detail });
  const both = [position("q", "i32, the position of the query"), position("k", "i32, the position of the key")];
  if (familyOf(type) === "mask") return [...both, position("head", "i32, the number of the head")];
  if (familyOf(type) !== "score") return [];
  return [position("s", "f32, the score so far"), ...both, position("head", "i32, the number of the head")];
}

/** `name: `, with what it is. */
export const namedGap = (
  name: string,
  detail: string,
  kind: Suggestion["kind"],
  documentation?: string,
): Suggestion => ({
  label: `${name}:`,
  kind,
  detail,
  insert: `${name}: `,
  snippet: `${plain(name)}: $0`,
  ...(documentation !== undefined && { documentation }),
});
