/** Queries and keys mistaken for each other: in self-attention their sizes agree, so that shapes alone do not tell. */
import type { Expression, Span } from "../../grammar/ast.js";
import type { Axis, Value } from "../ir/graph.js";
import { asAtom, asConstant, printDim, variable, type Atom, type Dim } from "../shapes/index.js";
import { equalDims, isOuter } from "./decide.js";
import { declaredMask } from "./mask-parts.js";
import { anotherLookUp, anotherMask, askedByKey, leftOut } from "./mend/masks.js";
import { edit, ownerOf, sourceOf } from "./mend/mend.js";
import type { Meaning } from "./meaning.js";
import { namesIn } from "./names-in.js";
import { report, type Scope } from "./scope.js";
import { standing } from "./standing.js";
import { printAxis, printType } from "./types.js";

const sides = ["q", "k"] as const;

/** Whether a look-up in a mask or score is by the position of the other side than the one the table is about; reported. */
export function isWrongSide(scope: Scope, index: Meaning, table: Value, axis: number, at: Span, span: Span): boolean {
  const looked = table.type.axes[axis];
  const used = index.kind === "tensor" && index.index ? asAtom(index.index) : undefined;
  if (scope.order === undefined || !looked || !used) return false;
  const [own, other] = sides.map((name) => ({ name, symbol: positionOf(scope, name) }));
  const [here, there] = own?.symbol === used ? [own, other] : other?.symbol === used ? [other, own] : [];
  if (!here?.symbol?.max || !there?.symbol?.max) return false;
  const fits = (size: Dim): boolean => equalDims(scope.context, looked.dim, size) === "yes";
  const isOther = fits(there.symbol.max);
  // Numbers may agree by chance, and a table may be larger than it must.
  const isSequence = [looked.dim, here.symbol.max].every((size) => asAtom(size)?.role === "axis");
  if (asConstant(looked.dim) !== undefined || fits(here.symbol.max) || !(isOther || isSequence)) return false;
  const demand = { kind: "range", index: variable(used), size: looked.dim, axis: looked.label } as const;
  if (standing(scope.context, demand).kind === "holds") return false;
  const declared = scope.following.at(-1);
  const isDeclared = declared?.kind === "index";
  const clause = isDeclared ? declared.keyword : table.type.dtype === "bool" ? "mask" : "score";
  const runs = `${printDim(looked.dim)}, looked up by ${here.name}, which runs over ${printDim(here.symbol.max)}`;
  // What a mask is given by its user is to blame, and not the mask.
  const given = isDeclared ? scope.site : undefined;
  if (given && clause === "mask") {
    const mend = anotherMask(scope, given, table, looked, here.symbol.max);
    report(scope, "T206", { clause }, { ...given, label: runs }, mend);
    return true;
  }
  // Another sequence has entries for each example; a table that all share may be longer than it must.
  const isOfExamples = table.type.axes.some(({ label }) => scope.context.outer.has(label));
  if (!isOther && clause === "mask" && isOfExamples && !scope.context.isBlock) {
    const mend = anotherLookUp(scope, span, table, looked, { due: here.symbol.max, by: here.name });
    if (mend) report(scope, "T206", { clause }, span, { label: runs, ...mend });
    return mend !== undefined;
  }
  if (!isOther) return false;
  const [before, behind] = [sourceOf(scope, { ...span, end: at.start }), sourceOf(scope, { ...span, start: at.end })];
  const mended = `${before}${there.name}${behind}`;
  report(scope, "T206", { clause }, at, {
    label: `${here.name} runs over the ${here.name === "q" ? "queries" : "keys"}; this axis is ${printAxis(looked)}`,
    notes: [`the table is ${printType(table.type)}`],
    help: `index ${there.name === "k" ? "keys" : "queries"} instead: \`${mended}\``,
    fixes: [edit(scope, at, there.name)],
  });
  return true;
}

function positionOf(scope: Scope, name: string): ReturnType<typeof asAtom> {
  const meaning = scope.names.get(name);
  return meaning?.kind === "tensor" && meaning.index ? asAtom(meaning.index) : undefined;
}

/** A mask over queries alone lets each of them see all keys or none. */
export function lintMask(scope: Scope, result: Value, query: Axis, key: Axis, written: Expression): void {
  const has = ({ label }: Axis): boolean => result.type.axes.some((axis) => axis.label === label);
  if (!has(query) || has(key)) return;
  const isOneSequence = equalDims(scope.context, query.dim, key.dim) === "yes";
  // Its axes have the names that they have inside of the attention, which are not the user's.
  const sizes = result.type.axes.map(({ dim }) => ({ label: "", dim }));
  report(scope, "T214", {}, written.span, {
    label: printType({ dtype: result.type.dtype, axes: sizes }),
    ...(isOneSequence ? askedByKey(scope, written) : leftOut(scope, written, written)),
  });
}

/** Positions of two sequences say nothing of each other: `causal` is for one. */
export function lintCausal(scope: Scope, query: Axis, key: Axis, written: Expression): void {
  const sizes = [query.dim, key.dim].map((dim) => asAtom(dim));
  const areSequences = sizes.every((symbol) => symbol?.role === "axis" && !isOuter(scope.context, symbol));
  if (!areSequences || equalDims(scope.context, query.dim, key.dim) === "yes" || mayBeOne(scope, sizes)) return;
  const part = conjuncts(written).find((each) => isCausal(scope, each));
  if (!part) return;
  const [of, over] = [query, key].map(({ dim }) => printDim(dim));
  report(scope, "T215", { query: of ?? "", key: over ?? "" }, part.span, leftOut(scope, written, part));
}

/** Whether a block's key axis is its queries' own where its user says nothing else, as in `ctx: f32[.., j, d] = x[i -> j]`. */
function mayBeOne(scope: Scope, sizes: readonly (Atom | undefined)[]): boolean {
  const names = sizes.map((symbol) => symbol?.name);
  return (ownerOf(scope)?.inputs ?? []).some(
    ({ fallback, type }) =>
      fallback &&
      type.axes?.some((axis) => axis.kind === "axis" && namesIn(axis.dim).some((n) => names.includes(n.name))),
  );
}

/** What must all hold for a mask to hold. */
const conjuncts = (written: Expression): Expression[] =>
  written.kind === "binary" && written.operator === "&" ? [written.left, written.right].flatMap(conjuncts) : [written];

/** `k <= q`, by whatever name. */
function isCausal(scope: Scope, part: Expression): boolean {
  if (part.kind === "name" && !scope.names.has(part.name)) {
    const found = declaredMask(scope, part.name);
    return found !== undefined && isCausal(scope, found.declaration.value);
  }
  if (part.kind !== "binary") return false;
  const [left, right] = [part.left, part.right].map((side) => (side.kind === "name" ? side.name : undefined));
  return part.operator === "<="
    ? left === "k" && right === "q"
    : part.operator === ">=" && left === "q" && right === "k";
}
