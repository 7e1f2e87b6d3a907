/** A call of a function of the graph, with what its body took from around it as further operands. */
import type { Function, Value, WeightPath } from "../ir/graph.js";
import { liveCaptures, use } from "./builder.js";
import { finishFunction } from "./finish-function.js";
import type { Made } from "./read-once.js";
import type { Scope } from "./scope.js";

/** A function of the graph, with what its body took from around it as further parameters. */
export function finishCallee(body: Scope, made: Function): Made {
  const captured = liveCaptures(body.builder, made.results);
  const callee = finishFunction(body.context, {
    ...made,
    parameters: [...made.parameters, ...captured.map(([, parameter]) => parameter)],
  });
  return { callee, captured: captured.map(([wanted]) => wanted) };
}

export function emitCall(
  scope: Scope,
  { callee, captured }: Made,
  operands: readonly Value[],
  weights: WeightPath,
  outs: readonly Value[],
): readonly Value[] {
  scope.builder.nodes.push({
    op: "call",
    callee,
    weights,
    operands: [...operands, ...captured.map((wanted) => use(scope.builder, wanted))],
    outs,
  });
  return outs;
}
