/** A layer's weight used again elsewhere, as the output head that shares its table with the embedding. */
import type { Identifier, Span } from "../../grammar/ast.js";
import type { Axis, Value } from "../ir/graph.js";
import { edit, piped } from "./mend/mend.js";
import { mark, report, type Scope } from "./scope.js";
import { printAxis, printType } from "./types.js";

const layers = new WeakMap<Value, string>();

/** Notes that a value is the weight of a labelled layer. */
export function noteTied(value: Value, layer: string): void {
  layers.set(value, layer);
}

/** Reports a product with a layer's weight that has no axis of that size; false where the operand is no such weight. */
export function reportTied(
  scope: Scope,
  axis: Identifier,
  operand: { value: Value; span: Span },
  weight: { value: Value; span: Span },
): boolean {
  const layer = layers.get(weight.value);
  const own = weight.value.type.axes.at(-1);
  if (layer === undefined || !own) return false;
  const theirs = operand.value.type.axes.find(({ label }) => label === axis.name);
  report(
    scope,
    "T207",
    { axis: theirs ? printAxis(theirs) : axis.name, weight: printType(weight.value.type) },
    weight.span,
    {
      label: `the weight of ${layer}`,
      secondary: [mark(scope, operand.span, printType(operand.value.type))],
      ...projected(scope, axis, operand.span, own),
    },
  );
  return true;
}

/** `t |> down: Linear{out: e}` before the product, which is then over e. */
function projected(scope: Scope, axis: Identifier, operand: Span, { label }: Axis): Parameters<typeof report>[4] {
  if (scope.names.get(label)?.kind !== "int") return {};
  const name = ["down", "project", "narrow"].find((each) => !scope.names.has(each));
  if (name === undefined) return {};
  const stage = `${name}: Linear{out: ${label}}`;
  return {
    help: `project first: \`|> ${stage}\``,
    fixes: [edit(scope, axis.span, label), ...piped(scope, operand, stage)],
  };
}
