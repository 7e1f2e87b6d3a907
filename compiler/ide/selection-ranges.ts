/** What a selection grows to, step by step: the word, its expression, the brackets around it, the statement, the declaration. */
import type { Span } from "../../grammar/ast.js";
import { endOf, inLedger, spanInText } from "../../grammar/index.js";
import { scan } from "../../grammar/scan.js";
import { grouped, type Element } from "./complete/elements.js";
import { nodesAt } from "./nodes-at.js";
import type { Snapshot } from "./snapshot.js";

/** Innermost first, each within the next; the last is the whole text. */
export function selectionRanges(snapshot: Snapshot, file: string, offset: number): Span[] {
  const source = snapshot.source(file);
  const section = source?.sectionAt(offset);
  if (!source || !section) return [];
  const { at, declaration } = section;
  const tokens = scan(source.text.slice(at, endOf(section))).tokens.map((token) => ({
    ...token,
    start: token.start + at,
    end: token.end + at,
  }));
  const trees = declaration ? nodesAt(declaration, inLedger(section, offset)) : [];
  const spans = [
    ...aroundIn(grouped(tokens), offset),
    ...trees.map(({ span }) => spanInText(section, span)),
    { start: 0, end: source.text.length },
  ];
  const around = spans.filter(({ start, end }) => start <= offset && offset <= end && start < end);
  return nested(around.sort((a, b) => a.end - a.start - (b.end - b.start)));
}

/** Tokens and brackets around an offset, the brackets with and without what they hold alone. */
function aroundIn(elements: readonly Element[], offset: number): Span[] {
  return elements.flatMap((element): Span[] => {
    const { start, end } = element;
    if (offset < start || end < offset) return [];
    if (element.kind === "string")
      return [
        { start: start + 1, end: end - 1 },
        { start, end },
      ];
    if (element.kind !== "group") return [{ start, end }];
    const inside = { start: start + 1, end: element.isClosed ? end - 1 : end };
    return [...aroundIn(element.elements, offset), inside, { start, end }];
  });
}

/** Each within the next, none twice. */
function nested(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    const isLarger = !last || span.end - span.start > last.end - last.start;
    if (isLarger && (!last || (span.start <= last.start && last.end <= span.end))) found.push(span);
  }
  return found;
}
