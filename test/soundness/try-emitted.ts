/** The TypeScript of random programs against the interpreter, on tfjs's cpu backend. */
import * as tf from "@tensorflow/tfjs-core";
import { useBackend } from "tfmc/runtime";
import { largestDifference } from "../ir/largest-difference.js";
import { errorsOf, compute, inputSizes, lowering } from "./run-program.js";
import { runEmitted } from "./run-emitted.js";
import { shrink } from "./shrink.js";
import { kindOf } from "./examine.js";
import { writeProgram } from "./write-program.js";
import type { Choice } from "./valuation.js";

/** What is said of one program, or undefined where its code does what the interpreter does. */
export async function difference(text: string, { settings, numbers }: Choice): Promise<string | undefined> {
  const { lowered } = errorsOf(text).length === 0 ? lowering(text)(settings) : { lowered: undefined };
  if (!lowered) return "rejected";
  const sizes = inputSizes(lowered.module, numbers);
  const due = compute(lowered, sizes);
  const before = tf.memory().numTensors;
  try {
    const found = await runEmitted(text, lowered, settings, sizes);
    const left = tf.memory().numTensors - before;
    if (left !== 0) return `leaves ${left} tensors behind`;
    for (const [n, each] of due.entries()) {
      const other = found[n];
      if (!other || other.shape.join() !== each.shape.join()) return `${each.task} is [${other?.shape.join()}], [${each.shape.join()}] is due`; // prettier-ignore
      const off = largestDifference(finite(other), finite(each));
      if (off > 1e-4) return `${each.task} is off by ${off}`;
    }
  } catch (error) {
    return `thrown: ${error instanceof Error ? error.message : String(error)}`;
  }
  return undefined;
}

/** Infinities and what is no number must be so in both: they are told apart by numbers that nothing else comes near. */
const finite = <A extends { readonly data: ArrayLike<number> }>(array: A): A & { data: Float64Array } => ({
  ...array,
  data: Float64Array.from(array.data, (x) => (Number.isNaN(x) ? 1e6 : Math.max(-1e6, Math.min(1e6, x)))),
});

export async function tryEmitted(seeds: readonly number[]): Promise<string[]> {
  await useBackend("cpu");
  const failures: string[] = [];
  for (const seed of seeds) {
    const { text, choices } = writeProgram(seed);
    const [choice] = choices;
    if (!choice) continue;
    const failure = await difference(text, choice);
    if (failure === undefined) continue;
    const fails = async (shorter: string): Promise<boolean> => {
      const other = await difference(shorter, choice);
      return other !== undefined && kindOf(other) === kindOf(failure);
    };
    failures.push(`seed ${seed}: ${failure}\n${await shrink(text, fails)}`);
  }
  return failures;
}
