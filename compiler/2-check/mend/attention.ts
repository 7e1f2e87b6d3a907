/** What mends an attention: keys under an axis of their own, masks that are truth values. */
import type { Attend, Expression, Span } from "../../../grammar/ast.js";
import type { Axis, Value } from "../../ir/graph.js";
import { divides, type Dim } from "../../shapes/index.js";
import { decide, equalDims } from "../decide.js";
import { namesIn } from "../names-in.js";
import { edit, inserted, piped, subscripted, type Mend } from "./mend.js";
import { inWords } from "./shapes.js";
import type { Scope } from "../scope.js";

/** `attend[seq, seq](q, k, v)`: the keys and values get an axis `j`. */
export function keysApart(scope: Scope, { key, arguments: [, keys, values] }: Attend): Mend {
  const free = ["j", "k_seq", "other"].find((name) => !scope.names.has(name) && !scope.axes.has(name)) ?? "j";
  const help = `give the keys and values an axis of their own: \`[${key.name} -> ${free}]\``;
  if (!keys || !values) return { help };
  const renamed = [keys, values].map(({ value }) => inserted(scope, value.span.end, `[${key.name} -> ${free}]`));
  const tight = [keys, values].every(({ value }) => value.kind === "name");
  return tight ? { help, fixes: [edit(scope, key.span, free), ...renamed] } : { help };
}

/** `keep[seq: k] != 0` for a mask of 0 and 1. */
export function compared(scope: Scope, written: Expression | { readonly span: Span }): Mend {
  const help = "compare it: `!= 0`";
  const { span } = written;
  const loose = "kind" in written && ["binary", "pipe", "conditional"].includes(written.kind);
  return loose
    ? { help, fixes: [inserted(scope, span.start, "("), inserted(scope, span.end, ") != 0")] }
    : { help, fixes: [inserted(scope, span.end, " != 0")] };
}

/** Fewer key heads than query heads: each serves a group of them, `(kv_heads r)`, which the result merges again. */
export function inGroups(
  scope: Scope,
  { query: i, arguments: [queries], span }: Attend,
  query: Value,
  values: Value,
  lost: Axis,
): Partial<Mend> {
  const size = inWords(scope, lost.dim);
  const labels = query.type.axes.map(({ label }) => label);
  const heads = query.type.axes.find(
    ({ label, dim }) =>
      label !== i.name && label !== labels.at(-1) && decide(scope.context, divides(lost.dim, dim)) === "yes",
  );
  const channel = values.type.axes.at(-1)?.label;
  if (!queries || !heads || !channel || size === undefined || labels.includes("") || labels.includes("r")) return {};
  const given = size === lost.label ? "" : `; ${lost.label} = ${size}`;
  const split = labels.map((label) => (label === heads.label ? `(${lost.label} r)` : label)).join(" ");
  const apart = labels.map((label) => (label === heads.label ? `${lost.label} r` : label)).join(" ");
  const back = (text: string): string => text.replace(new RegExp(`${labels.at(-1)}$`), channel);
  const merged = split.replace(`(${lost.label} r)`, `(${heads.label}: ${lost.label} r)`);
  const outer = labels.filter((label) => label !== heads.label && label !== i.name && label !== labels.at(-1));
  const inOrder = [...outer, lost.label, "r", i.name, channel].join(" ");
  return {
    help: `let each key head serve a group of queries: \`rearrange[${split} -> ${apart}${given}]\``,
    fixes: [
      ...piped(scope, queries.value.span, `rearrange[${split} -> ${apart}${given}]`),
      ...piped(scope, span, `rearrange[${inOrder} -> ${back(merged)}]`),
    ],
  };
}

/** `keep[seq: k]`, `bias[seq: q, other: k]`, `bias[heads: head, seq: k]`: a table that stands in a mask or score without an index. */
export function lookedUp(
  scope: Scope,
  expression: Expression,
  stray: string,
  key: Axis,
  callee: Scope,
): Partial<Mend> & { at?: Span } {
  const table = namesIn(expression).find(({ name }) => {
    const meaning = scope.names.get(name);
    return meaning?.kind === "tensor" && meaning.value.type.axes.some(({ label }) => label === stray);
  });
  const meaning = table && scope.names.get(table.name);
  if (!table || meaning?.kind !== "tensor") return {};
  const heads = callee.names.get("heads");
  const sameSize = (a: Dim, b: Dim): boolean => equalDims(scope.context, a, b) === "yes";
  const axes = meaning.value.type.axes.filter(({ label }) => !scope.context.outer.has(label));
  const sides = axes.filter(({ dim }) => sameSize(dim, key.dim));
  const items = axes.map(({ label, dim }): string | undefined => {
    if (label === "") return undefined;
    if (sameSize(dim, key.dim)) return `${label}: ${sides.length === 2 && label === sides[0]?.label ? "q" : "k"}`;
    return heads?.kind === "int" && sameSize(dim, heads.dim) ? `${label}: head` : undefined;
  });
  if (sides.length > 2 || items.includes(undefined)) return { at: table.span };
  return { at: table.span, ...subscripted(scope, table.span, items.join(", ")) };
}
