/** `wte.weight`: a weight of a labelled layer. `cfg.bias`: an entry of the block's config. */
import type { Member } from "../../grammar/ast.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import type { Axis, ValueType, WeightPath } from "../ir/graph.js";
import { emit, value } from "./builder.js";
import { evaluate } from "./expressions.js";
import { describe } from "./numbers.js";
import { unknown, type Meaning } from "./meaning.js";
import { mark, report, type Scope } from "./scope.js";
import { noteTied } from "./tied-weight.js";

export function evaluateMember(scope: Scope, { object, name, span }: Member): Meaning {
  const owner = evaluate(scope, object);
  switch (owner.kind) {
    case "unknown":
      return unknown;
    case "settings": {
      const entry = owner.entries.get(name.name);
      if (entry) return entry;
      const near = closest(name.name, [...owner.entries.keys()]);
      report(
        scope,
        "N101",
        { name: name.name, block: scope.owner },
        name.span,
        didYouMean(mark(scope, name.span), near),
      );
      return unknown;
    }
    case "label": {
      const { tree, path, labels } = owner.application;
      const entry = tree.entries.get(name.name);
      if (entry?.kind === "weight") {
        const axes = inCallersTerms(entry.type.axes, labels);
        const found = weightAt(scope, [...path, name.name], name.name, { ...entry.type, axes });
        if (found.kind === "tensor") noteTied(found.value, owner.name);
        return found;
      }
      if (tree.entries.size === 0) return unknown; // The layer itself has had its diagnostic.
      const weights = [...tree.entries].filter(([, child]) => child.kind === "weight").map(([key]) => key);
      const near = weights.length === 1 ? weights[0] : closest(name.name, weights);
      const help = weights.length > 0 ? `${owner.name} has ${weights.join(", ")}` : undefined;
      report(scope, "N102", { name: `${owner.name}.${name.name}` }, name.span, {
        help,
        ...didYouMean(mark(scope, name.span), near),
      });
      return unknown;
    }
    default:
      report(scope, "T208", { expected: "a layer before the dot", found: describe(owner.kind) }, span);
      return unknown;
  }
}

/** Axes under the caller's labels; where two would have one name, the one that is known here by another keeps its own. */
function inCallersTerms(axes: readonly Axis[], labels: ReadonlyMap<string, string>): Axis[] {
  const renamed = axes.map(({ label }) => labels.get(label) ?? label);
  return axes.map(({ label, dim }, n) => {
    const wanted = renamed[n] ?? label;
    const clashes = wanted !== "" && wanted !== label && renamed.some((other, m) => m !== n && other === wanted);
    return { label: clashes ? label : wanted, dim };
  });
}

/** Reads a weight by its path below the function's own weights. */
export function weightAt(scope: Scope, path: WeightPath, name: string, type: ValueType): Meaning {
  return {
    kind: "tensor",
    value: emit(scope.builder, { op: "weight", path, out: value(scope.builder, name, type.dtype, type.axes) }),
  };
}
