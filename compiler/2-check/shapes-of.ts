/** What a reader of a file is told beside its text: the type of each value that gets a name, and of each stage of a pipe. */
import type { Span } from "../../grammar/ast.js";
import type { ValueType } from "../ir/graph.js";
import type { Meaning } from "./meaning.js";
import type { Scope } from "./scope.js";

export interface NamedShape {
  /** The name that a statement gives, or the stage. */
  readonly kind: "value" | "stage";
  readonly span: Span;
  readonly type: ValueType;
}

/** What is read in place elsewhere, as the body of a function where it is called, is told at its own declaration. */
export function noteShape(scope: Scope, kind: NamedShape["kind"], span: Span, meaning: Meaning): void {
  const { context, following } = scope;
  context.observe?.(scope, span, meaning);
  if (!context.shapes || following.length > 0 || meaning.kind !== "tensor") return;
  context.shapes.push({ kind, span, type: meaning.value.type });
}
