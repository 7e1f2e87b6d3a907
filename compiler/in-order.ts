import { isFull, problemLimit, type Problem } from "./diagnostics/problem.js";

/** By their places, each once: what several readers found is one mistake. Of very many the first, warnings left out. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const distinct = problems.filter(({ code, message, primary }) => {
    const key = `${code} ${message} ${primary?.file} ${primary?.span.start}`;
    return !seen.has(key) && seen.add(key);
  });
  const sorted = distinct.sort(
    (a, b) =>
      compare(a.primary?.file ?? "", b.primary?.file ?? "") ||
      (a.primary?.span.start ?? 0) - (b.primary?.span.start ?? 0),
  );
  if (!isFull(sorted)) return sorted;
  const errors = sorted.filter(({ severity }) => severity === "error");
  return (errors.length > 0 ? errors : sorted).slice(0, problemLimit);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
