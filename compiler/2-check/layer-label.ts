/** Labels: `attn` names a layer, `h[i]` one of a list. One label is one layer. */
import type { Apply, Expression, Name, Span } from "../../grammar/ast.js";
import { printExpression } from "../../grammar/index.js";
import type { Mark } from "../diagnostics/problem.js";
import type { WeightTree } from "../ir/graph.js";
import { dimKey, type Dim } from "../shapes/index.js";
import { concrete } from "./decide.js";
import { evaluate } from "./expressions.js";
import type { LayerIndex } from "./weight-tree.js";
import type { Application, IntMeaning, Meaning } from "./meaning.js";
import { edit, inserted } from "./mend/mend.js";
import { describe } from "./numbers.js";
import { mark, report, type Scope } from "./scope.js";

const applied = new WeakMap<WeightTree, { readonly text: string; readonly place: Mark }>();

/** What was applied where these are the weights; undefined where nothing was. */
export const layerText = (tree: WeightTree): string | undefined => applied.get(tree)?.text;

/** One address is one layer: used again it must be the same block with the same config. */
export function sameLayer(scope: Scope, { tree, block, settings, span }: Application, label: string): boolean {
  const text = `${block}${settings ? sourceText(scope, settings.span) : ""}`;
  const known = applied.get(tree);
  if (!known) applied.set(tree, { text, place: mark(scope, span) });
  if (!known || known.text === text) return true;
  const free = freeLabel(scope, label);
  report(scope, "N111", { address: label, first: known.text }, span, {
    secondary: [{ ...known.place, label: "first used here" }],
    help: `give this layer a label of its own${free === undefined ? "" : `: \`${free}\``}`,
    fixes: free === undefined ? [] : [edit(scope, { start: span.start, end: span.start + label.length }, free)],
  });
  return false;
}

/** `norm_2` for a second `norm`. An indexed label is one of a list, and has no such name. */
function freeLabel(scope: Scope, label: string): string | undefined {
  if (!/^[a-z]\w*$/.test(label)) return undefined;
  for (let n = 2; ; n++) {
    const free = `${label.replace(/_?\d+$/, "")}_${n}`;
    if (!scope.names.has(free) && !scope.sizes.has(free) && !scope.tree.entries.has(free)) return free;
  }
}

const sourceText = (scope: Scope, { start, end }: Span): string =>
  scope.file.text.slice(start, end).replace(/\s+/g, "");

export interface LabelPlace {
  readonly key: string;
  readonly text: string;
  readonly segments: readonly (string | Dim)[];
  /** Where the index comes from. */
  readonly counter?: LayerIndex;
}

export function readLabel(scope: Scope, stage: Apply): LabelPlace | "error" | undefined {
  const { label } = stage;
  if (!label) return undefined;
  const text = printExpression(label);
  if (label.kind === "name" && scope.loop !== undefined && !scope.names.has(label.name)) {
    const help = `write \`${label.name}[${scope.loop}]\`, a layer for each turn; ${label.name}[0] shares one`;
    const fixes = [inserted(scope, label.span.end, `[${scope.loop}]`)];
    report(scope, "N110", { label: label.name, index: scope.loop }, label.span, { help, fixes });
    return "error";
  }
  if (label.kind === "name" && hidesNumber(scope, label)) return "error";
  if (label.kind === "name") return { key: label.name, text, segments: [label.name] };
  const key = labelKey(scope, label);
  if (
    key !== undefined &&
    label.kind === "subscript" &&
    label.object.kind === "name" &&
    label.items[0]?.kind === "expression-item"
  ) {
    const index = evaluate(scope, label.items[0].value);
    if (index.kind === "int") return { key, text, segments: [label.object.name, index.dim], counter: counterOf(index) };
  }
  report(scope, "T208", { expected: "a label: a name, or a name with one index", found: `\`${text}\`` }, label.span);
  return "error";
}

/** Whether a size or a number has the name already, which could not be meant any more; reported. */
function hidesNumber(scope: Scope, { name, span }: Name): boolean {
  const own = scope.names.get(name)?.kind ?? (scope.sizes.has(name) ? "size" : "unknown");
  if (!["size", "int", "real", "bool", "text"].includes(own)) return false;
  const free = freeLabel(scope, name);
  report(scope, "N104", { name }, span, {
    label: `it is ${own === "size" ? "a size" : describe(own)} here`,
    help: `call the layer otherwise${free === undefined ? "" : `: \`${free}\``}`,
    fixes: free === undefined ? [] : [edit(scope, span, free)],
  });
  return true;
}

const counterOf = ({ below, literal }: IntMeaning): LayerIndex => ({ below, isLiteral: literal === true });

/** `h[0]` and `h[i]` are kept by name and index, so that the same address is the same layer. */
function labelKey(scope: Scope, expression: Expression): string | undefined {
  if (expression.kind !== "subscript" || expression.object.kind !== "name") return undefined;
  const [item] = expression.items;
  if (item?.kind !== "expression-item" || expression.items.length > 1) return undefined;
  const { value: index } = item;
  // Only whole numbers can index layers; anything else is a look-up in a tensor and is read there.
  if (
    index.kind === "name"
      ? scope.names.get(index.name)?.kind !== "int"
      : index.kind !== "number" && index.kind !== "binary"
  )
    return undefined;
  if (scope.names.get(expression.object.name)?.kind === "tensor") return undefined;
  const meaning = evaluate(scope, index);
  return meaning.kind === "int"
    ? `${expression.object.name}[${dimKey(concrete(scope.context, meaning.dim))}]`
    : undefined;
}

/** The layer that `h[0]` or `h[i]` names, if there is one. */
export function layerAt(scope: Scope, expression: Expression): Meaning | undefined {
  if (expression.kind !== "subscript" || expression.object.kind !== "name") return undefined;
  const list = `${expression.object.name}[`;
  // `softmax[d]` is none: what a config says of d does not matter to it.
  if (![...scope.names.keys()].some((name) => name.startsWith(list))) return undefined;
  const key = labelKey(scope, expression);
  return key === undefined ? undefined : scope.names.get(key);
}
