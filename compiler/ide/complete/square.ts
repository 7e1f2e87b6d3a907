/** What may be written inside of square brackets: axes of a type, of a function, of a value. */
import { lookup } from "../../1-resolve/program.js";
import { primitives } from "../../ops/index.js";
import { axesInReach, axesOfType, sizesInReach, typeBefore } from "./axes.js";
import type { Cursor } from "./cursor.js";
import { dueIn } from "./due.js";
import { grouped, isGroup, isLower, isName, itemsOf, type Element, type Nest } from "./elements.js";
import { expression } from "./expression.js";
import type { Locals } from "./local.js";
import { suggestLocal } from "./names.js";
import type { Suggestion } from "./suggestion.js";
import { anything } from "./want.js";

const typeWords: ReadonlySet<string> = new Set(["f32", "i32", "bool", "mask", "score"]);

/** Axes of a type, of a function, of a value. */
export function inSquare(cursor: Cursor, locals: Locals, nest: Nest): Suggestion[] {
  const before = nest.outer?.elements ?? [];
  const owner = before.at(-1);
  const items = itemsOf(nest.elements, [",", ";"]);
  const current = items.at(-1) ?? [];
  const hasValue = current[1]?.kind === ":" || current[1]?.kind === "=";
  const { extra = [] } = dueIn(cursor, locals, nest.outer).want ?? anything;
  if (hasValue) return expression(cursor, locals, afterDots(current.slice(2)), { type: "int", extra });
  if (isName(owner) && typeWords.has(owner.text) && isTypePlace(before))
    return current.length === 0 ? sizesInReach(cursor, locals) : expression(cursor, locals, current, { type: "int" });
  if (owner?.kind === "rearrange") return inRearrange(cursor, locals, nest);
  if (owner?.kind === "attend" || owner?.kind === "scan") return axesInReach(cursor, locals);
  if (isName(owner) && isFunction(cursor, owner.text) && !isValue(locals, owner.text)) {
    const isPiped = before.at(-2)?.kind === "|>";
    const type = isPiped ? typeBefore(cursor, locals, before.slice(0, -2)) : typeBehind(cursor, locals);
    const renamed = isPiped ? [] : renamedBehind(cursor);
    const inReach = takesAmounts(owner.text) ? sizesInReach : axesInReach;
    return [...renamed, ...axesOfType(type), ...inReach(cursor, locals)];
  }
  if (!owner || !(isName(owner) || owner.kind === "group")) return expression(cursor, locals, current, anything);
  if (before.at(-2)?.kind === "|>") return expression(cursor, locals, current, { type: "int", isStatic: true });
  if (current.at(-1)?.kind === "->") return [...axesOfCall(nest.outer), ...axesInReach(cursor, locals)];
  const axes = current.length === 0 ? axesOfType(typeBefore(cursor, locals, before)) : [];
  const reach = current.length === 0 && axes.length === 0 ? axesInReach(cursor, locals) : [];
  return [...axes, ...reach, ...expression(cursor, locals, current, { type: "int", extra })];
}

/** `expand[n: 4]`: its brackets may make axes. */
function takesAmounts(name: string): boolean {
  const primitive = primitives.get(name);
  return primitive?.kind === "special" && primitive.amounts;
}

/** `a..b`: each is an expression of its own. */
const afterDots = (elements: readonly Element[]): readonly Element[] =>
  elements.slice(elements.findLastIndex(({ kind }) => kind === "..") + 1);

/** `concat[both](x[i -> |])`: the axes that the call is along are those that its arguments need. */
function axesOfCall(nest: Nest | undefined): Suggestion[] {
  const brackets = nest?.open?.kind === "(" ? nest.outer?.elements.at(-1) : undefined;
  return isGroup(brackets, "[") ? namesWithin(brackets.elements).map((label) => ({ label, kind: "axis" })) : [];
}

const isFunction = ({ snapshot, file }: Cursor, name: string): boolean =>
  (lookup(snapshot.program, file, name)?.declaration.kind ?? (primitives.has(name) ? "function" : "")) === "function";

const isValue = ({ all }: Locals, name: string): boolean =>
  all.some((each) => each.name === name && each.type !== "fn");

/** Behind what a type stands: `x: f32`, `-> f32`. */
const isTypePlace = (before: readonly Element[]): boolean => [":", "->", ","].includes(before.at(-2)?.kind ?? "");

/** Of `f[|](x, ...)`: the type of the first argument that is a name of one. */
function typeBehind({ after, ...cursor }: Cursor, locals: Locals): string | undefined {
  const close = after.findIndex(({ kind }) => kind === "]");
  const open = after[close + 1];
  if (close < 0 || open?.kind !== "(") return undefined;
  const [first] = itemsOf(firstGroup(grouped(after.slice(close + 1))));
  return first ? typeBefore({ after, ...cursor }, locals, first) : undefined;
}

const firstGroup = ([group]: readonly Element[]): readonly Element[] => (group?.kind === "group" ? group.elements : []);

/** Of `f[|](x[i -> j])`: the axes that its arguments are given. */
function renamedBehind({ after }: Cursor): Suggestion[] {
  const close = after.findIndex(({ kind }) => kind === "]");
  const [given] = close < 0 ? [] : grouped(after.slice(close + 1));
  const names = isGroup(given, "(") ? renamedIn(given.elements) : [];
  return names.map((label) => ({ label, kind: "axis" }));
}

const renamedIn = (elements: readonly Element[]): string[] =>
  elements.flatMap((element, n) => {
    if (element.kind === "group") return renamedIn(element.elements);
    return isLower(element) && elements[n - 1]?.kind === "->" ? [element.text] : [];
  });

/** The axes of what comes in; on the right those that the left side names; behind `;` the parts that have no size yet. */
export function inRearrange(cursor: Cursor, locals: Locals, nest: Nest): Suggestion[] {
  const arrow = nest.elements.findIndex(({ kind }) => kind === "->");
  const left = arrow < 0 ? [] : namesWithin(nest.elements.slice(0, arrow));
  const named = left.map((label): Suggestion => ({ label, kind: "axis" }));
  const input = nest.outer?.elements.slice(0, -2) ?? [];
  const incoming = axesOfType(typeBefore(cursor, locals, input)).reverse();
  const entries = locals.all.filter(({ kind, type }) => kind === "entry" && type === "int").map(suggestLocal);
  return arrow < 0 ? [...incoming, ...entries, ...axesInReach(cursor, locals)] : [...named, ...incoming, ...entries];
}

const namesWithin = (elements: readonly Element[]): string[] => [
  ...new Set(
    elements.flatMap((element) => {
      if (element.kind === "group") return namesWithin(element.elements);
      return isLower(element) ? [element.text] : [];
    }),
  ),
];

/** `(a b)` inside of the brackets of a `rearrange`. */
export const isPattern = ({ open, outer }: Nest): boolean =>
  open?.kind === "(" && outer?.open?.kind === "[" && outer.outer?.elements.at(-1)?.kind === "rearrange";
