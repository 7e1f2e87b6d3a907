/** How a declaration is used, on one line, as it is written. */
import type { Declaration } from "../../../grammar/ast.js";
import type { SourceFile } from "../../1-resolve/program.js";
import { clipped, oneLine } from "../one-line.js";

/** Without keyword and name: `[seq, d]{heads}(x: f32[batch, seq, d]) -> f32[batch, seq, d]`. */
export function signatureOf({ text }: SourceFile, declaration: Declaration): string {
  const { span } = declaration;
  const between = (start: number, end: number): string => clipped(oneLine(text.slice(start, end)));
  switch (declaration.kind) {
    case "block":
    case "task":
      return between(declaration.name.span.end, declaration.body.span.start);
    case "function":
      return between(declaration.name.span.end, declaration.body.span.start).replace(/\s*=$/, "");
    case "index":
      return between(declaration.name.span.end, span.end);
    case "alias":
    case "config":
      return between(declaration.name.span.end, span.end).replace(/^=\s*/, "");
    case "outer":
      return "";
    case "import":
      return declaration.names.map(({ name }) => name).join(", ");
    case "check":
      return between(declaration.condition.span.start, declaration.condition.span.end);
    case "weights":
      return JSON.stringify(declaration.from.value);
    case "run":
      return declaration.over ? `over ${declaration.over.name}` : "";
    case "compression":
      return "";
  }
}
