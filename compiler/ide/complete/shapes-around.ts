/** What is known of the values around the cursor: only of its declaration, since a file may have thousands. */
import { endOf, spanInText } from "../../../grammar/index.js";
import { printType } from "../../2-check/types.js";
import type { Shape } from "../../check.js";
import type { Cursor } from "./cursor.js";

/** In the text, each once: what is read twice, under different facts, was last read with what is known after both. */
export function shapesAround({ snapshot, file, before, word }: Cursor): readonly Shape[] {
  const start = before[0]?.start ?? word.start;
  const sections = snapshot.source(file.name)?.sections ?? [];
  const shapes = sections
    .filter((section) => section.at <= word.start && start < endOf(section))
    .flatMap((section): Shape[] => {
      const found = section.declaration && snapshot.view.definitions.get(section.declaration)?.shapes;
      return (found ?? []).map(({ kind, span, type }) => ({
        kind,
        span: spanInText(section, span),
        type: printType(type),
      }));
    });
  return [...new Map(shapes.map((shape) => [`${shape.kind} ${shape.span.start} ${shape.span.end}`, shape])).values()];
}
