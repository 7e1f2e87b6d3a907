/** Axes: those of a value, and all that a declaration knows. */
import { axesOf, type TypeAxis } from "./axes-of.js";
import type { Cursor } from "./cursor.js";
import { declaredIn } from "./declared.js";
import { isGroup, isLower, type Element } from "./elements.js";
import type { Locals } from "./local.js";
import { shapesAround } from "./shapes-around.js";
import type { Suggestion } from "./suggestion.js";

const axis = (label: string, detail?: string): Suggestion => ({
  label,
  kind: "axis",
  ...(detail !== undefined && detail !== label && { detail }),
});

/** The axes of a value of this type, last first: most functions work along the last. */
export function axesOfType(type: string | undefined): Suggestion[] {
  return namedAxes(type).map(({ label, size }) => axis(label, size === label ? type : `${size}, of ${type}`));
}

const namedAxes = (type: string | undefined): TypeAxis[] =>
  (axesOf(type) ?? []).filter(({ label }) => label !== "" && label !== "..").reverse();

/** Sizes, outer axes, and the axes of the values so far. */
export function axesInReach(cursor: Cursor, locals: Locals): Suggestion[] {
  const start = cursor.before[0]?.start ?? 0;
  const shapes = shapesAround(cursor).filter(({ span }) => start <= span.start && span.start < cursor.word.start);
  const types = [
    ...locals.all.map(({ type }) => type),
    ...locals.head.results,
    ...shapes.map(({ type }) => type).reverse(),
  ];
  const outer = declaredIn(cursor.snapshot.program, cursor.file).filter(
    ({ declaration }) => declaration.kind === "outer",
  );
  return [
    ...locals.all.filter(({ kind }) => kind === "size").map(({ name }) => axis(name)),
    ...[...new Set(types)].flatMap(namedAxes).map(({ label, size }) => axis(label, size)),
    ...outer.map(({ declaration }) => axis(declaration.name.name, "outer axis")),
  ];
}

/** What may be a size: axes, and entries that are whole numbers. */
export function sizesInReach(cursor: Cursor, locals: Locals): Suggestion[] {
  const entries = locals.all.filter(({ kind, type }) => kind === "entry" && type === "int");
  return [
    ...axesInReach(cursor, locals),
    ...entries.map(({ name }): Suggestion => ({ label: name, kind: "entry", detail: "int" })),
  ];
}

/** The type of what an expression has come to, as far as it is known: of its last operand or stage. */
export function typeBefore(cursor: Cursor, locals: Locals, elements: readonly Element[]): string | undefined {
  const last = elements.at(-1);
  if (!last) return undefined;
  const before = elements.at(-2)?.kind;
  if (isLower(last) && before !== "|>" && before !== "." && before !== "@")
    return locals.all.find(({ name }) => name === last.text)?.type;
  const shape = shapesAround(cursor).find(({ kind, span }) => kind === "stage" && span.end === last.end);
  if (shape) return shape.type;
  return isGroup(last, "(") ? typeBefore(cursor, locals, last.elements) : undefined;
}
