/** Examines many inputs, and shows what fails as small as it can be made. */
import { shrink } from "./shrink.js";
import { startExaminer, type Examiner } from "./examiner.js";
import { inputFor } from "./inputs.js";
import type { Files, Input } from "./corpus.js";

export interface Outcome {
  /** A text for each kind of fault: what does not hold, and a small input to see it with. */
  readonly failures: readonly string[];
  /** How often each code was reported, and how many inputs had no problem. */
  readonly counts: ReadonlyMap<string, number>;
  readonly slowest: { readonly seed: number; readonly milliseconds: number };
}

/** An input that takes longer is a hang; it is tried again, since the collector of garbage may have had its day. */
const hang = 2_000;
/** Failures that are shown; one mistake makes many. */
const shown = 5;

export async function fuzz(first: number, count: number): Promise<Outcome> {
  const examiner = await startExaminer();
  const failures = new Map<string, string>();
  const counts = new Map<string, number>();
  let slowest = { seed: first, milliseconds: 0 };
  for (let seed = first; seed < first + count && failures.size < shown; seed++) {
    const input = inputFor(seed);
    const report = await examiner.examine(input);
    const codes = new Set(report.problems.map((problem) => problem.slice(0, 4)));
    for (const code of codes.size > 0 ? codes : ["none"]) counts.set(code, (counts.get(code) ?? 0) + 1);
    const isSlow = report.milliseconds > hang && (await examiner.examine(input)).milliseconds > hang;
    if (report.milliseconds > slowest.milliseconds) slowest = { seed, milliseconds: report.milliseconds };
    const [fault] = isSlow ? [`it took ${Math.round(report.milliseconds)} ms`] : report.faults;
    if (fault !== undefined && !failures.has(kindOf(fault))) {
      const small = await smallest(examiner, input, kindOf(fault));
      failures.set(
        kindOf(fault),
        `input ${seed}: ${fault}\n${[...small].map(([name, text]) => `--- ${name}\n${text}`).join("\n")}`,
      );
    }
  }
  await examiner.close();
  return { failures: [...failures.values()], counts, slowest };
}

/** What two faults have in common that have one cause: all but names, numbers and the deeper lines of a stack. */
const kindOf = (fault: string): string =>
  fault
    .split("\n")
    .slice(0, 3)
    .join("\n")
    .replace(/[`"'].*?[`"']|\d+/g, "");

async function smallest(examiner: Examiner, { files, before }: Input, kind: string): Promise<Files> {
  const found = new Map(files);
  for (const [name, text] of files) {
    const fails = async (candidate: string): Promise<boolean> => {
      const { faults, milliseconds } = await examiner.examine({
        files: new Map([...found, [name, candidate]]),
        before,
      });
      return kind.startsWith("it took") ? milliseconds > hang : faults.some((fault) => kindOf(fault) === kind);
    };
    found.set(name, await shrink(text, fails));
  }
  return found;
}
