/** A function is read at each call too: that it does not return what its signature says is told of itself, not of who calls it. */
import type { Declaration, Span } from "../grammar/ast.js";
import type { Program } from "./1-resolve/program.js";
import type { Definition } from "./2-check/definitions.js";
import type { Problem } from "./diagnostics/problem.js";

export function withoutEchoes(
  program: Program,
  definitions: ReadonlyMap<Declaration, Definition>,
  all: readonly Problem[],
): Problem[] {
  const told = new Map<string, Problem>();
  for (const file of program.files.values()) {
    for (const declaration of file.all) {
      if (declaration.kind !== "function") continue;
      for (const problem of definitions.get(declaration)?.problems ?? [])
        for (const place of contradicted(problem, ({ start }) => isIn(declaration.span, start)))
          told.set(place, problem);
    }
  }
  if (told.size === 0) return [...all];
  return all.filter((problem) => contradicted(problem).every((place) => (told.get(place) ?? problem) === problem));
}

/** Where the results are declared that something is said to contradict. */
const contradicted = ({ code, secondary }: Problem, isMeant: (span: Span) => boolean = () => true): string[] =>
  code === "T202"
    ? secondary.filter(({ span }) => isMeant(span)).map(({ file, span }) => `${file} ${span.start} ${span.end}`)
    : [];

const isIn = (outer: Span, at: number): boolean => outer.start <= at && at <= outer.end;
