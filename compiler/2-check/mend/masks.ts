/** What mends a mask that is given entries of another sequence than the one that it is asked of. */
import type { Apply, Argument, Binary, Expression, Span } from "../../../grammar/ast.js";
import type { Mark } from "../../diagnostics/problem.js";
import type { Axis, Value } from "../../ir/graph.js";
import { asAtom, type Dim } from "../../shapes/index.js";
import { equalDims } from "../decide.js";
import { namesIn } from "../names-in.js";
import type { Scope } from "../scope.js";
import { edit, inserted, ownerOf, replaced, sourceOf, withoutArgument, type Mend } from "./mend.js";

/** Another value of the right axis; nothing, where `causal` is enough; or a new input. `given` is what the mask was given. */
export function anotherMask(scope: Scope, given: Mark, table: Value, looked: Axis, due: Dim): Partial<Mend> {
  const { reader } = scope.context.duties;
  if (reader?.file.name !== given.file) return {};
  const other = tableOver(reader, table, looked, due);
  if (other) return replaced(reader, given.span, other.name);
  if (table.type.dtype !== "bool") return {};
  return withoutMask(reader, given.span) ?? newInput(reader, given.span, due) ?? {};
}

/** The same of `keep[src: k]`, written out; undefined where nothing is sure. */
export function anotherLookUp(
  scope: Scope,
  span: Span,
  table: Value,
  looked: Axis,
  { due, by }: { readonly due: Dim; readonly by: string },
): Mend | undefined {
  const other = tableOver(scope, table, looked, due);
  return other ? replaced(scope, span, `${other.name}[${other.label}: ${by}]`) : withoutMask(scope, span);
}

/** A value in scope that is as the table, but for the size along one axis. */
function tableOver(
  { context, names }: Scope,
  { type }: Value,
  looked: Axis,
  due: Dim,
): { readonly name: string; readonly label: string } | undefined {
  const sizes = type.axes.map((axis) => (axis === looked ? due : axis.dim));
  const n = type.axes.indexOf(looked);
  for (const [name, meaning] of names) {
    if (meaning.kind !== "tensor" || meaning.value.type.dtype !== type.dtype) continue;
    const { axes } = meaning.value.type;
    const fits = sizes.every((size, at) => axes[at] !== undefined && equalDims(context, axes[at].dim, size) === "yes");
    if (fits && axes.length === sizes.length) return { name, label: axes[n]?.label ?? "" };
  }
  return undefined;
}

/** `causal & padding(keep)`: padding at the end comes after all that is no padding. */
function withoutMask(reader: Scope, span: Span): Mend | undefined {
  const both = conjunctionAround(ownerOf(reader)?.body, span);
  if (!both) return undefined;
  const kept = isWithin(span, both.left.span) ? both.right : both.left;
  if (!namesIn(kept).some(({ name }) => name === "causal")) return undefined;
  const text = sourceOf(reader, kept.span);
  return { help: `write \`${text}\`: padding at the end comes later`, fixes: [edit(reader, both.span, text)] };
}

/** The smallest `a & b` that a place is in. */
function conjunctionAround(node: unknown, span: Span): Binary | undefined {
  if (Array.isArray(node)) return node.map((child) => conjunctionAround(child, span)).find((found) => found);
  if (typeof node !== "object" || node === null) return undefined;
  const own = isConjunction(node) && isWithin(span, node.span) ? node : undefined;
  return conjunctionAround(Object.values(node), span) ?? own;
}

const isConjunction = (node: object): node is Binary =>
  "kind" in node && node.kind === "binary" && "operator" in node && node.operator === "&";

const isWithin = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** `tgt_keep: bool[batch, tgt] = true` behind `keep: bool[batch, src]`. */
function newInput(reader: Scope, span: Span, due: Dim): Mend | undefined {
  const declaration = ownerOf(reader);
  const input = declaration?.inputs.find(({ name }) => name.name === sourceOf(reader, span));
  const last = declaration?.inputs.at(-1);
  const size = asAtom(due)?.name;
  if (!input?.type.axes || !last || size === undefined || input.type.name.name !== "bool") return undefined;
  const name = `${size}_${input.name.name}`;
  if (reader.names.has(name)) return undefined;
  const axes = input.type.axes.map((axis) =>
    axis.kind === "axis" && axis.dim.kind === "name" && reader.context.outer.has(axis.dim.name) ? axis.dim.name : size,
  );
  const text = `${name}: bool[${axes.join(", ")}] = true`;
  return {
    help: `say it of ${size}: \`${text}\``,
    fixes: [inserted(reader, last.span.end, `, ${text}`), edit(reader, span, name)],
  };
}

/** `keep[seq: k]` for `keep[seq: q]`. */
export function askedByKey(scope: Scope, written: Expression): Mend {
  const queries = namesIn(written).filter(({ name }) => name === "q");
  const ends = [written.span.start, ...queries.map(({ span }) => span.end)];
  const starts = [...queries.map(({ span }) => span.start), written.span.end];
  const mended = ends.map((start, n) => sourceOf(scope, { start, end: starts[n] ?? start })).join("k");
  if (queries.length === 0) return { help: "ask for the position of the key, `k`" };
  return { help: `ask by the key: \`${mended}\``, fixes: queries.map(({ span }) => edit(scope, span, "k")) };
}

/** The mask without one of the parts that `&` joins; no mask, where it is all or the rest is of queries alone. */
export function leftOut(scope: Scope, written: Expression, part: Expression): Mend {
  const both = conjunctionAround(written, part.span);
  const kept = both && isWithin(part.span, both.left.span) ? both.right : both?.left;
  const names = namesIn(kept).map(({ name }) => name);
  if (both && kept && (names.includes("k") || !names.includes("q"))) {
    const text = sourceOf(scope, kept.span);
    return { help: `leave it out: \`${text}\``, fixes: [edit(scope, both.span, text)] };
  }
  const given = applicationsIn(ownerOf(scope)?.body).find((all) => all.some(({ value }) => value === written));
  const argument = given?.find(({ value }) => value === written);
  return given && argument
    ? { help: "leave it out", fixes: [withoutArgument(scope, given, argument)] }
    : { help: "leave it out" };
}

/** The arguments of all layers. */
function applicationsIn(node: unknown): (readonly Argument[])[] {
  if (Array.isArray(node)) return node.flatMap(applicationsIn);
  if (typeof node !== "object" || node === null) return [];
  const own = isApply(node) && node.arguments ? [node.arguments] : [];
  return [...own, ...Object.values(node).flatMap(applicationsIn)];
}

const isApply = (node: object): node is Apply => "kind" in node && node.kind === "apply";
