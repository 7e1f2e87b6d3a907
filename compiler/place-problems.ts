/** Problems point into what was read (see `Reading`); here they are given the places that these have in the text. */
import type { Declaration, Span } from "../grammar/ast.js";
import { places, spanInText, type Reading } from "../grammar/index.js";
import { scan } from "../grammar/scan.js";
import type { Edit } from "./diagnostics/edit.js";
import type { Problem } from "./diagnostics/problem.js";

/** A declaration that could not be parsed, with its place in the text. */
export interface Broken {
  readonly declaration: Declaration;
  readonly span: Span;
}

/** Declarations with a mistake in or right behind them. */
export function brokenIn(reading: Reading): Broken[] {
  if (reading.problems.length === 0) return [];
  const place = places(reading);
  const all = reading.sections.flatMap((section): Broken[] => {
    const { declaration } = section;
    return declaration ? [{ declaration, span: spanInText(section, declaration.span) }] : [];
  });
  const found = reading.problems.flatMap((problem) => {
    const at = place(problem.span)?.start;
    return (at !== undefined && all.find(({ span }) => span.start <= at && at <= span.end + 1)) || [];
  });
  return [...new Set(found)];
}

/** What else there is to say of a broken declaration than that it is broken, is left out. */
export function placer(
  readings: ReadonlyMap<string, Reading>,
  broken: ReadonlyMap<string, readonly Broken[]>,
): (found: readonly Problem[]) => Problem[] {
  const movers = new Map([...readings].map(([name, reading]) => [name, places(reading)]));
  const move = <T extends { readonly file: string; readonly span: Span }>(mark: T): T => {
    const span = movers.get(mark.file)?.(mark.span);
    return span ? { ...mark, span } : mark;
  };
  const takesRemark = ({ file, span }: Edit): boolean =>
    hasRemark(readings.get(file)?.text.slice(span.start, span.end));
  const place = (found: Problem): Problem => {
    const fixes = found.fixes.map(move);
    return {
      ...found,
      ...(found.primary && { primary: move(found.primary) }),
      secondary: found.secondary.map(move),
      // A mend knows nothing of the remarks in what it would replace.
      fixes: fixes.some(takesRemark) ? [] : fixes,
    };
  };
  const isSilenced = ({ code, primary }: Problem): boolean =>
    code !== "S001" &&
    primary !== undefined &&
    (broken.get(primary.file) ?? []).some(({ span }) => startsIn(span, primary.span));
  return (found) => found.map(place).filter((each) => !isSilenced(each));
}

const hasRemark = (text = ""): boolean => text.includes("#") && scan(text).comments.length > 0;

const startsIn = (outer: Span, { start }: Span): boolean => outer.start <= start && start <= outer.end;
