/** The `where` that would settle a question, to be added to what is being read. */
import { atomsOfCondition, printCondition, type Atom, type Condition } from "../shapes/index.js";
import { addFact, type Mend } from "./mend/mend.js";
import type { Scope } from "./scope.js";

/** A `where` speaks of sizes, not of what tensors hold. */
const isOfData = ({ role }: Atom): boolean => role === "entry";

export function factToAdd(scope: Scope, wanting: readonly Condition[]): Partial<Mend> {
  if (wanting.length === 0 || wanting.flatMap(atomsOfCondition).some(isOfData)) return {};
  const { reader } = scope.context.duties;
  return addFact(reader ?? scope, [...new Set(wanting.map(printCondition))].join(", "));
}
