/** Functions that do the same are one: the layer norm of every layer is written once. */
import type { Function } from "../ir/graph.js";
import { functionKey } from "../ir/key.js";
import { eliminateDeadCode } from "../ir/dead-code.js";
import type { Context } from "./scope.js";

export function finishFunction({ readings: { functions } }: Context, made: Function): Function {
  const live = eliminateDeadCode(made);
  const key = functionKey(live);
  const [known] = functions.get(key);
  if (known) return known;
  functions.add(key, live);
  return live;
}
