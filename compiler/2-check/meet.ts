/** Demands are asked here, each once: what cannot be told yet becomes an obligation of those who use what is being read. */
import type { Span } from "../../grammar/ast.js";
import { always, assume, type Condition } from "../shapes/index.js";
import { conditionOf, type Demand } from "./demand.js";
import { mark, type Scope } from "./scope.js";
import { standing } from "./standing.js";
import type { Obligation } from "./summaries.js";

/**
 * Whether the demand holds or may wait. `fail` reports it otherwise: `wanting` is what a `where` would have to say, empty where
 * none can help. At a definition the demand is then taken as met: one mistake is one error.
 */
export function meet(
  scope: Scope,
  demand: Demand,
  at: Span,
  fail: (wanting: readonly Condition[]) => void,
  from: Partial<Obligation> = {},
): boolean {
  const { context } = scope;
  const found = standing(context, demand);
  if (found.kind === "holds") return true;
  if (found.kind === "fails") fail(found.wanting);
  if (context.mode === "instance") return false;
  const condition = conditionOf(demand) ?? always;
  if (found.kind === "waits") {
    const { conditions } = context.facts;
    const own = conditions.slice(context.duties.declared).filter((fact) => !context.duties.granted.has(fact));
    context.duties.obligations.push({
      demand,
      given: [...own, ...(from.given ?? [])],
      place: from.place ?? mark(scope, at),
      via: from.via ?? scope.via,
    });
  }
  if (condition.kind !== "constant") {
    context.duties.granted.add(condition);
    context.facts = assume(context.facts, condition);
  }
  return found.kind === "waits";
}
