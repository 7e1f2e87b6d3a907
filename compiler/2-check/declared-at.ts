/** Where a value of a definition's inputs was declared, so that a mismatch can say where its sizes come from. */
import type { Span } from "../../grammar/ast.js";
import type { Value } from "../ir/graph.js";
import type { Scope } from "./scope.js";
import { printType } from "./types.js";

const places = new WeakMap<Value, { readonly file: Scope["file"]; readonly span: Span }>();

export function noteDeclared({ file }: Scope, value: Value, span: Span): void {
  places.set(value, { file, span });
}

/** `f32[batch, seq, d], declared on line 1`. */
export function typeAndPlace(scope: Scope, value: Value): string {
  const place = places.get(value);
  if (place?.file !== scope.file) return printType(value.type);
  return `${printType(value.type)}, declared on line ${place.file.lineOf(place.span.start)}`;
}
