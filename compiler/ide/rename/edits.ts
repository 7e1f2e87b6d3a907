/** The changes of text that give a symbol another name. */
import type { Span } from "../../../grammar/ast.js";
import type { Edit } from "../../diagnostics/edit.js";
import type { Found } from "../names/everywhere.js";

/** `{heads}` becomes `{heads: n}` or `{n: heads}`, whichever of the two has another name; `{n: heads}` may become `{heads}`. */
export function renamingEdits(found: readonly Found[], name: string): readonly Edit[] {
  const places = new Map<string, Found[]>();
  for (const one of found) {
    const key = `${one.file} ${one.span.start}`;
    places.set(key, [...(places.get(key) ?? []), one]);
  }
  return [...places.values()].flatMap((here): Edit[] => {
    const [one] = here;
    if (!one) return [];
    const { file, span, symbol, pun, beside } = one;
    // Both sides of a pun are renamed where a config's value is its model's own entry.
    if (pun && here.every((other) => other.pun === pun))
      return [{ file, span, text: pun === "value" ? `${symbol.name}: ${name}` : `${name}: ${symbol.name}` }];
    const isBoth = beside !== undefined && places.has(`${file} ${beside.span.start}`);
    if (beside?.name === name && !isBoth) return [{ file, span: around(span, beside.span), text: name }];
    return [{ file, span, text: name }];
  });
}

const around = (a: Span, b: Span): Span => ({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) });
