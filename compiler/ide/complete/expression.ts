/** What may come next in an expression, by what stands before. */
import { axesInReach } from "./axes.js";
import type { Cursor } from "./cursor.js";
import { isGroup, isLower, isName, type Element } from "./elements.js";
import { inside } from "./labels.js";
import type { Locals } from "./local.js";
import { layers, operands, stages, suggestLocal } from "./names.js";
import { keyword, type Suggestion } from "./suggestion.js";
import type { Want } from "./want.js";
import { belowLabel, type Below } from "./weights-below.js";

/** `elements`: the expression as far as it is written. */
export function expression(cursor: Cursor, locals: Locals, elements: readonly Element[], want: Want): Suggestion[] {
  const last = elements.at(-1);
  if (!last) return operands(cursor, locals, want);
  if (last.kind === "|>") return stages(cursor, locals, want);
  if (last.kind === ".") return members(cursor, locals, elements.slice(0, -1));
  if (last.kind === "@") return axesInReach(cursor, locals);
  if (last.kind === ":" && isLabel(elements.slice(0, -1))) return layers(cursor, locals);
  if (isOperand(last)) return continuations(elements);
  return operands(
    cursor,
    locals,
    isCondition(elements) ? { type: "bool", ...(want.isStatic && { isStatic: true }) } : want,
  );
}

/** `|> name`, `|> name[i]` */
function isLabel(elements: readonly Element[]): boolean {
  const name = isGroup(elements.at(-1), "[") ? elements.length - 2 : elements.length - 1;
  return isName(elements[name]) && elements[name - 1]?.kind === "|>";
}

const operandKinds: ReadonlySet<string> = new Set(["number", "string", "true", "false", "group"]);

/** What an operator may follow, and no other operand. */
export const isOperand = (element: Element | undefined): boolean =>
  element !== undefined && (isName(element) || operandKinds.has(element.kind));

/** Between `if` and `then`. */
function isCondition(elements: readonly Element[]): boolean {
  const last = elements.findLast(({ kind }) => kind === "if" || kind === "then" || kind === "else");
  return last?.kind === "if";
}

function continuations(elements: readonly Element[]): Suggestion[] {
  const open = elements.findLast(({ kind }) => kind === "if" || kind === "then" || kind === "else");
  if (open?.kind === "if") return [keyword("then")];
  return open?.kind === "then" ? [keyword("else")] : [];
}

/** `cfg.` and `label.`; `object` ends where the point stands. */
function members(cursor: Cursor, locals: Locals, object: readonly Element[]): Suggestion[] {
  const labels = chainOf(object);
  if (labels.length === 1 && labels[0] === "cfg")
    return locals.all.filter(({ kind }) => kind === "entry").map(suggestLocal);
  const [first, ...rest] = labels;
  const label = locals.labels.find(({ name }) => name === first);
  let below = label ? inside(cursor, label) : [];
  for (const name of rest) {
    const next = below.find((each) => each.name === name);
    below = next ? belowLabel(cursor.snapshot.program, next) : [];
  }
  return weightsFirst(below).map(suggestBelow);
}

/** The names of `a.b[i].c`. */
function chainOf(elements: readonly Element[]): string[] {
  const names: string[] = [];
  for (let at = elements.length - 1; at >= 0; at -= 2) {
    if (isGroup(elements[at], "[")) at -= 1;
    const name = elements[at];
    if (!isLower(name)) return [];
    names.unshift(name.text);
    if (elements[at - 1]?.kind !== "." || names.length > longestAddress) break;
  }
  return names;
}

const longestAddress = 100;

const weightsFirst = (all: readonly Below[]): Below[] => [
  ...all.filter(({ kind }) => kind === "weight"),
  ...all.filter(({ kind }) => kind === "label"),
];

export const suggestBelow = ({ name, kind, detail, doc, isListed }: Below): Suggestion => ({
  label: name,
  kind,
  detail,
  ...(doc !== undefined && { documentation: doc }),
  ...(isListed && { snippet: `${name}[\${1:i}]$0` }),
});
