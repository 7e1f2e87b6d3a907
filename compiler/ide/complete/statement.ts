/** Statements: what one may begin with, and the expression of the one that is being written. */
import type { Cursor } from "./cursor.js";
import { expectsMore, isGroup, isName, isUpper, lineOf, type Element, type Nest } from "./elements.js";
import { expression, isOperand } from "./expression.js";
import type { Locals } from "./local.js";
import { operands, suggestLocal } from "./names.js";
import { keyword, type Suggestion } from "./suggestion.js";
import { anything, type Want } from "./want.js";

export function statement(cursor: Cursor, locals: Locals, nest: Nest): Suggestion[] {
  if (mayStart(cursor, nest)) return [...starts(locals, nest), ...rebound(locals)];
  return within(cursor, locals, lastStatement(nest.elements));
}

function mayStart(cursor: Cursor, { elements }: Nest): boolean {
  const last = elements.at(-1);
  return !last || isBodyAt(elements, elements.length - 1) || (cursor.startsLine && isComplete(last));
}

/** What a body holds without the assignment that is being written: it cannot read the name that it gives. */
export function settled(cursor: Cursor, nest: Nest): readonly Element[] {
  if (nest.open?.kind !== "{" || (nest === cursor.nest && mayStart(cursor, nest))) return nest.elements;
  const current = lastStatement(nest.elements);
  // Where several statements share a line, the last of them is a result.
  const isAssignment = current.some(({ kind }) => kind === "=") && !current.some(({ kind }) => results.has(kind));
  return isAssignment ? nest.elements.slice(0, -current.length) : nest.elements;
}

const results: ReadonlySet<string> = new Set(["return", "yield"]);

/** Nothing has to follow: a new line may begin a statement. */
const isComplete = (last: Element): boolean => isOperand(last) && !expectsMore(last);

/** From the last element that begins a line and goes on nothing. */
function lastStatement(elements: readonly Element[]): readonly Element[] {
  const first = elements.findLastIndex((element, n) => {
    const before = elements[n - 1];
    if (!before) return true;
    if (isBodyAt(elements, n - 1)) return element.kind !== "else";
    const goesOn = element.kind !== "group" && !isName(element) && !statementWords.has(element.kind);
    return lineOf(before) !== lineOf(element) && !expectsMore(before) && !goesOn;
  });
  return elements.slice(Math.max(0, first));
}

/** The braces of a `repeat`, an `if` or an `else`, which end a statement. */
function isBodyAt(elements: readonly Element[], n: number): boolean {
  if (!isGroup(elements[n], "{") || isUpper(elements[n - 1])) return false;
  const word = elements[n - 3]?.kind;
  return !isGroup(elements[n - 1], "(") || (word !== "attend" && word !== "scan");
}

const statementWords: ReadonlySet<string> = new Set(["param", "repeat", "return", "yield", "if"]);

function within(cursor: Cursor, locals: Locals, elements: readonly Element[]): Suggestion[] {
  const [first, second, third] = elements;
  switch (first?.kind) {
    case "param":
    case "state":
      return isName(second) ? inWeight(cursor, locals, elements) : [];
    case "repeat":
      return third?.kind === "<" ? expression(cursor, locals, elements.slice(3), { type: "int", isStatic: true }) : [];
    case "if":
      return expression(cursor, locals, elements.slice(1), { type: "bool", isStatic: true }).filter(
        ({ label }) => label !== "then",
      );
    case "else":
      return elements.length === 1 ? [keyword("if")] : [];
    case "return":
    case "yield":
      return expression(cursor, locals, elements.slice(1), anything);
    default:
      if ((first?.kind === "loss" || first?.kind === "aux") && second?.kind !== "=")
        return expression(cursor, locals, elements.slice(1), anything);
      return inAssignment(cursor, locals, elements);
  }
}

const assigns: ReadonlySet<string> = new Set(["=", "+=", "*=", ":="]);

function inAssignment(cursor: Cursor, locals: Locals, elements: readonly Element[]): Suggestion[] {
  const sign = elements.findIndex(({ kind }) => assigns.has(kind));
  if (sign < 0) return elements.at(-1)?.kind === "," ? rebound(locals) : [];
  return expression(cursor, locals, elements.slice(sign + 1), anything);
}

const dtypes: readonly Suggestion[] = ["f32", "i32", "bool"].map((label) => ({
  label,
  kind: "type",
  snippet: `${label}[$1]$0`,
}));

const initials: readonly Suggestion[] = [
  { label: "zeros", kind: "keyword" },
  { label: "ones", kind: "keyword" },
  { label: "normal", kind: "keyword", detail: "normal(deviation)", snippet: "normal(${1:0.02})$0" },
];

/** `param name: type = initial when condition` */
function inWeight(cursor: Cursor, locals: Locals, elements: readonly Element[]): Suggestion[] {
  if (elements.length === 2) return [];
  if (elements.length === 3) return [...dtypes];
  const when = elements.findIndex(({ kind }) => kind === "when");
  if (when >= 0) return expression(cursor, locals, elements.slice(when + 1), condition);
  const equals = elements.findIndex(({ kind }) => kind === "=");
  if (equals < 0) return [];
  const initial = elements.slice(equals + 1);
  if (initial.length === 0) return [...initials, ...operands(cursor, locals, { type: "real", isStatic: true })];
  const next = expression(cursor, locals, initial, { type: "real", isStatic: true });
  return isOperand(initial.at(-1)) && elements[0]?.kind === "param" ? [...next, keyword("when")] : next;
}

const condition: Want = { type: "bool", isStatic: true };

const statements: readonly Suggestion[] = [
  keyword("return", "return $0", "The result: the last statement of the body."),
  keyword(
    "repeat",
    "repeat ${1:i} < ${2:depth} {\n  $0\n}",
    "Layers after each other; labels inside carry the counter.",
  ),
  keyword("if", "if ${1:condition} {\n  $0\n}", "Chosen by the config."),
  keyword("param", "param ${1:name}: f32[$2] = ${3:zeros}$0", "A weight of the block's own."),
  keyword("state", "state ${1:name}: f32[$2] = ${3:zeros}$0", "A value that stays from one call to the next."),
];

function starts({ head }: Locals, nest: Nest): Suggestion[] {
  const isAfterIf = isBodyAt(nest.elements, nest.elements.length - 1) && followsIf(nest.elements);
  const isScan = nest.outer?.elements.at(-3)?.kind === "scan";
  return [
    ...(isAfterIf ? [keyword("else", "else {\n  $0\n}")] : []),
    ...(isScan ? [keyword("yield", "yield $0", "This step's entry of the result.")] : []),
    ...(head.keyword === "task" ? [keyword("loss", "loss $0", "What training makes small.")] : []),
    ...(isScan ? statements.filter(({ label }) => label !== "return") : statements),
    ...(head.keyword === "fn"
      ? []
      : [keyword("aux", "aux $0", "A term of the loss of the task that uses this block.")]),
  ];
}

/** The last braces are those of an `if`, not of the `else` that ends it. */
function followsIf(elements: readonly Element[]): boolean {
  const word = elements.slice(0, -1).findLast(({ kind }) => kind === "if" || kind === "else" || kind === "repeat");
  const at = word ? elements.indexOf(word) : -1;
  return at >= 0 && word?.kind === "if" && !elements.slice(at, -1).some((element) => isGroup(element, "{"));
}

/** Names that may be given again, each with its shape. */
const rebound = ({ all }: Locals): Suggestion[] =>
  all
    .filter(({ kind, type }) => (kind === "value" || kind === "input") && type !== "fn")
    .map((local) => ({ ...suggestLocal(local), snippet: `${local.name} = $0` }));
