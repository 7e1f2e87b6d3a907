/** What a file declares by itself, as it is told where its name stands. */
import type { Declaration } from "../../../grammar/ast.js";
import type { SourceFile } from "../../1-resolve/program.js";
import { sourceOf } from "../../1-resolve/source-of.js";
import { code, paragraphs } from "./markdown.js";

export const declaredText = (file: SourceFile, declaration: Declaration): string =>
  paragraphs(code(...headLines(file, declaration)), "doc" in declaration ? declaration.doc : undefined);

/** As it is written, up to its body; a short declaration is its own best description. */
export function headLines(file: SourceFile, declaration: Declaration): string[] {
  const { start } = declaration.span;
  const lines = sourceOf(file, { start, end: endOfHead(declaration) })
    .trim()
    .replace(/\s*=$/, "")
    .replace(alignment, "config $1 =")
    .split("\n");
  return lines.length > lineLimit ? [...lines.slice(0, lineLimit), "..."] : lines;
}

const lineLimit = 12;

/** Without the spaces that line it up with its neighbours. */
const alignment = /^config\s+(\w+)\s+=/;

function endOfHead(declaration: Declaration): number {
  switch (declaration.kind) {
    case "block":
    case "task":
      return declaration.body.span.start;
    case "function":
      return declaration.body.kind === "body" ? declaration.body.span.start : declaration.span.end;
    case "weights":
      return declaration.from.span.end;
    default:
      return declaration.span.end;
  }
}
