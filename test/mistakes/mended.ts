import { applyEdits, check, type Problem } from "tfmc";

type Files = ReadonlyMap<string, string>;

/** The files with a problem's fixes made. */
export function mended(files: Files, { fixes }: Problem): Files {
  return new Map(
    [...files].map(([name, text]) => [
      name,
      applyEdits(
        text,
        fixes.filter(({ file }) => file === name),
      ),
    ]),
  );
}

export function problemsOf(files: Files): readonly Problem[] {
  const [entry = ""] = files.keys();
  return check(entry, (path) => files.get(path)).problems;
}

/** What is wrong with the fixes of a program's problems, a line each: one that stays, or another in its place. */
export function unmended(files: Files, problems: readonly Problem[]): string[] {
  return problems.flatMap((problem) => {
    if (problem.fixes.length === 0) return [];
    const stray = problem.fixes.find(({ file }) => !files.has(file));
    if (stray) return [`${tell(problem)}: its fix changes ${stray.file}`];
    if (problem.help === undefined && !problem.primary?.label?.startsWith("did you mean"))
      return [`${tell(problem)}: nothing says what its fix does`];
    const others = problems.filter((other) => other !== problem).map(tell);
    const left = problemsOf(mended(files, problem));
    // Once a fact is said, the next layer may want one more.
    const isNextFact = (other: Problem): boolean =>
      wantsFact(problem) && wantsFact(other) && tell(other) !== tell(problem);
    const added = left
      .filter((other) => !isNextFact(other))
      .map(tell)
      .filter((text) => !others.includes(text));
    return added.length > 0 ? [`${tell(problem)}: its fix gives ${added.join("; ")}`] : [];
  });
}

const wantsFact = ({ help }: Problem): boolean => help?.startsWith("add `where ") ?? false;

const tell = ({ code, message }: Problem): string => `${code} ${message}`;
