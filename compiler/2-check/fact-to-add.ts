/** The `where` that would settle a question, to be added to what is being read. */
import { printCondition, type Condition } from "../shapes/index.js";
import { addFact, type Mend } from "./mend/mend.js";
import type { Scope } from "./scope.js";

export function factToAdd(scope: Scope, wanting: readonly Condition[]): Partial<Mend> {
  if (wanting.length === 0) return {};
  const { reader } = scope.context.duties;
  return addFact(reader ?? scope, [...new Set(wanting.map(printCondition))].join(", "));
}
