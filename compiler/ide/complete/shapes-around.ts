/** What is known of the values around the cursor: only of its declaration, since a file may have thousands. */
import { printType } from "../../2-check/types.js";
import type { Shape } from "../../check.js";
import type { Cursor } from "./cursor.js";

/** In the text, each once: what is read twice, under different facts, was last read with what is known after both. */
export function shapesAround({ snapshot, file, before, word }: Cursor): readonly Shape[] {
  const start = before[0]?.start ?? word.start;
  const sections = snapshot.source(file.name)?.sections ?? [];
  const shapes = sections
    .filter(({ at, from, to }) => at <= word.start && start < at + to - from)
    .flatMap(({ declaration, at, from }): Shape[] => {
      const found = declaration && snapshot.view.definitions.get(declaration)?.shapes;
      return (found ?? []).map(({ kind, span, type }) => ({
        kind,
        span: { start: span.start + at - from, end: span.end + at - from },
        type: printType(type),
      }));
    });
  return [...new Map(shapes.map((shape) => [`${shape.kind} ${shape.span.start} ${shape.span.end}`, shape])).values()];
}
