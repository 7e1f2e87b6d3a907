/** Builds one function of the graph. Values of an enclosing function become parameters when they are used. */
import type { Axis, DType, Node, Value } from "../ir/graph.js";
import { liveValues } from "../ir/live-values.js";

export interface Builder {
  readonly parent: Builder | undefined;
  readonly owned: Set<Value>;
  /** Parameters added for values of enclosing functions, in order. */
  readonly captured: Map<Value, Value>;
  nodes: Node[];
}

let count = 0;

export function createBuilder(parent: Builder | undefined): Builder {
  return { parent, owned: new Set(), captured: new Map(), nodes: [] };
}

/** A new value of this function. */
export function value(builder: Builder, name: string, dtype: DType, axes: readonly Axis[]): Value {
  const made: Value = { id: count++, name, type: { dtype, axes } };
  builder.owned.add(made);
  return made;
}

/** `wanted` as this function can see it: itself, or a parameter that stands for an enclosing function's value. */
export function use(builder: Builder, wanted: Value): Value {
  if (builder.owned.has(wanted)) return wanted;
  const known = builder.captured.get(wanted);
  if (known) return known;
  const parameter = value(builder, wanted.name, wanted.type.dtype, wanted.type.axes);
  builder.captured.set(wanted, parameter);
  return parameter;
}

/** Appends a node and gives its value. */
export function emit<N extends Node & { readonly out: Value }>(builder: Builder, node: N): Value {
  builder.nodes.push(node);
  return node.out;
}

/** Captured values that the function's results depend on; what only dead nodes read needs no parameter. */
export function liveCaptures(builder: Builder, results: readonly Value[]): (readonly [Value, Value])[] {
  const live = liveValues(builder.nodes, results);
  return [...builder.captured].filter(([, parameter]) => live.has(parameter));
}
