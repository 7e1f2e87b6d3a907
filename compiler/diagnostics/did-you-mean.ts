import { closest } from "./suggest.js";
import { problem, type Mark, type Problem, type ProblemDetails } from "./problem.js";

/** A name that was most likely meant: the label beside the mistake, and the edit that writes it. */
export function didYouMean(
  { file, span }: Mark,
  near: string | undefined,
): { label?: string } & Pick<ProblemDetails, "fixes"> {
  return near === undefined ? {} : { label: `did you mean ${near}?`, fixes: [{ file, span, text: near }] };
}

/** A name that is not among the candidates, with the nearest of them. */
export function unknownName(name: string, at: Mark, candidates: Iterable<string>): Problem {
  const { label, fixes } = didYouMean(at, closest(name, candidates));
  return problem("N102", { name }, { ...at, ...(label !== undefined && { label }) }, { fixes });
}
