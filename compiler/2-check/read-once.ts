/**
 * In an instance the body of a block is read for each of its uses. Of uses that give it the same there is only one reading: the
 * layers of a model are mostly alike, and after an edit most of them are what they were. What a reading makes beside its function
 * are its weights, which each use has of its own.
 */
import type { BlockDeclaration, FunctionDeclaration } from "../../grammar/ast.js";
import type { Function, Value, WeightTree } from "../ir/graph.js";
import type { TensorMeaning } from "./meaning.js";
import { copyWeights } from "./declared-weights.js";
import { readAnew, recall } from "./readings.js";
import { useKey, type Use } from "./use-key.js";
import type { Scope } from "./scope.js";

/** A function of the graph, and what its last parameters stand for: values of those around it. */
export interface Made {
  readonly callee: Function;
  readonly captured: readonly Value[];
  /** What is known of the entries of its results, where something is: it speaks of those of this use. */
  readonly traces?: readonly Pick<TensorMeaning, "index" | "truth">[];
}

/** The function of a block, or of a declared function, for all uses that give it the same. */
export interface BlockReading {
  readonly callee: Function;
  /** Which of the values that a use mentions its last parameters stand for. */
  readonly captured: readonly number[];
  readonly tree: WeightTree;
  readonly address: string;
}

/** `body` is the callee's scope, its entries and inputs bound. Undefined (reported) where what is read is wrong. */
export function readOnce(
  body: Scope,
  declaration: BlockDeclaration | FunctionDeclaration,
  use: Use,
  read: () => Made | undefined,
): Made | undefined {
  const { context, tree, address } = body;
  const { readings, facts } = context;
  // Who observes is told of each use.
  if (context.observe) return read();
  // What is applied again under its label finds its weights there.
  const isFresh = use.isLabelled && tree.entries.size === 0;
  if (use.isLabelled && !isFresh) return read();
  const used = useKey(body, declaration, use);
  if (!used) return read();
  const { key, mentioned } = used;
  const known = recall(context, readings.blocks, key);
  if (known) {
    copyWeights(known.tree, tree, known.address, address);
    return { callee: known.callee, captured: known.captured.flatMap((n) => mentioned[n] ?? []) };
  }
  const { declared } = readings;
  const { of: made, isQuiet, keep } = readAnew(context, read);
  // Without a label its weights are among those of others.
  const isApart = isFresh || readings.declared === declared;
  const captured = made?.captured.map((value) => mentioned.indexOf(value)) ?? [];
  // What is known for the rest that was not known before, the next use would have to be told.
  if (made && !made.traces && isApart && isQuiet && context.facts === facts && !captured.includes(-1)) {
    const own: WeightTree = { kind: "tree", entries: new Map() };
    if (isFresh) copyWeights(tree, own, address, address);
    keep(readings.blocks, key, { callee: made.callee, captured, tree: own, address });
  }
  return made;
}
