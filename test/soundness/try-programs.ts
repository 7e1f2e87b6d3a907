/** Many programs and mutations of them, one after the other; what fails is made as short as it can be. */
import { failureOf, fateOf, kindOf } from "./examine.js";
import { mutate } from "./mutate.js";
import { createRandom } from "./random.js";
import { shrink } from "./shrink.js";
import { writeProgram, type GeneratedProgram } from "./write-program.js";

/** Where the seeds of a run begin: the same each time, but for the long runs, which look elsewhere. */
export const firstSeed = process.env["TFMC_RANDOM"] === "new" ? 1 + (Date.now() % 1_000_000_000) : 1;

/** Failures told in full; more of them tell little more. */
const told = 5;

export interface Trial {
  readonly failures: readonly string[];
  /** How often each construct was written, or each fate met. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Programs from `first` on: each must be accepted and do what the checker says. */
export async function tryPrograms(first: number, count: number): Promise<Trial> {
  const failures: string[] = [];
  const counts = new Map<string, number>();
  for (let seed = first; seed < first + count && failures.length < told; seed++) {
    await breathe(seed);
    const program = writeProgram(seed);
    for (const [construct, times] of program.coverage) counts.set(construct, (counts.get(construct) ?? 0) + times);
    const failure = failureOf(program);
    if (failure !== undefined) failures.push(await report(program, failure));
  }
  return { failures, counts };
}

/** Programs from `first` on, each changed `times` times: what is not rejected must run. */
export async function tryMutations(first: number, count: number, times: number): Promise<Trial> {
  const failures: string[] = [];
  const counts = new Map<string, number>();
  for (let seed = first; seed < first + count && failures.length < told; seed++) {
    await breathe(seed);
    const { text, choices } = writeProgram(seed);
    const random = createRandom(seed + 0x5eed);
    for (let n = 0; n < times; n++) {
      const mutation = mutate(random, text);
      const fate = fateOf(mutation.text, choices);
      const name = typeof fate === "string" ? fate : "failed";
      for (const key of [name, `${name}: ${mutation.kind}`]) counts.set(key, (counts.get(key) ?? 0) + 1);
      if (typeof fate === "string") continue;
      const fails = (shorter: string): boolean => {
        const other = fateOf(shorter, choices);
        return typeof other === "object" && kindOf(other.failure) === kindOf(fate.failure);
      };
      const short = await shrink(mutation.text, fails);
      failures.push(`seed ${seed}, ${mutation.kind}: ${fate.failure}\n${short}`);
    }
  }
  return { failures, counts };
}

async function report(program: GeneratedProgram, failure: string): Promise<string> {
  const fails = (text: string): boolean => {
    const other = failureOf({ ...program, text });
    return other !== undefined && kindOf(other) === kindOf(failure);
  };
  return `seed ${program.seed}: ${failure}\n${await shrink(program.text, fails)}`;
}

/** Lets the test runner speak to its worker now and then. */
async function breathe(seed: number): Promise<void> {
  if (seed % 20 === 0) await new Promise((resume) => setImmediate(resume));
}
