/** What becomes of a program: whether the checker takes it, and whether it then does what the checker says. */
import { declaredShapes, isAsDeclared } from "./declared-shapes.js";
import type { Axis } from "./draft.js";
import { compute, describe, errorsOf, inputSizes, isLetIn, lowering } from "./run-program.js";
import { sizeUnder } from "./size.js";
import type { Choice } from "./valuation.js";
import type { GeneratedProgram } from "./write-program.js";

/** Why a well-typed program is not one after all, or undefined. */
export function failureOf({ text, choices, tasks }: GeneratedProgram): string | undefined {
  return guarded(() => {
    const errors = errorsOf(text);
    if (errors.length > 0) return `rejected: ${describe(errors)}`;
    const lower = lowering(text);
    for (const choice of choices) {
      const { lowered, problems } = lower(choice.settings);
      if (!lowered) return `rejected with ${numbersOf(choice)}: ${describe(problems)}`;
      const sizes = inputSizes(lowered.module, choice.numbers);
      if (!isLetIn(lowered.module, sizes)) return `not let in with ${numbersOf(choice)}`;
      const found = compute(lowered, sizes);
      const due = tasks.flatMap(({ name, results }) => results.map((axes) => `${name}: [${shapeUnder(axes, choice)}]`));
      const shapes = found.map(({ task, shape }) => `${task}: [${shape.join()}]`);
      if (due.join() !== shapes.join()) return `the results are ${shapes.join()}, due are ${due.join()}`;
    }
    return undefined;
  });
}

/** What becomes of a program that may be wrong: rejected, never let in, or run; or why that is wrong. */
export function fateOf(
  text: string,
  choices: readonly Choice[],
): "rejected" | "kept out" | "ran" | { failure: string } {
  let ran = false;
  const failure = guarded(() => {
    if (errorsOf(text).length > 0) return "rejected";
    const lower = lowering(text);
    for (const { settings, numbers } of choices) {
      const { lowered } = lower(settings);
      if (!lowered) continue;
      const sizes = inputSizes(lowered.module, numbers);
      if (!isLetIn(lowered.module, sizes)) continue;
      const declared = declaredShapes(text, numbers);
      const places = new Map<string, number>();
      for (const { task, shape } of compute(lowered, sizes)) {
        const place = places.get(task) ?? 0;
        places.set(task, place + 1);
        const due = declared.get(task)?.[place];
        if (!isAsDeclared(shape, due)) return `${task} is [${shape.join()}], its signature says [${due}]`;
      }
      ran = true;
    }
    return undefined;
  });
  if (failure === "rejected") return "rejected";
  if (failure !== undefined) return { failure };
  return ran ? "ran" : "kept out";
}

const shapeUnder = (axes: readonly Axis[], { valuation }: Choice): string =>
  axes.map(({ label, size }) => (label === "batch" ? 2 : sizeUnder(size, valuation))).join();

const numbersOf = ({ numbers }: Choice): string => [...numbers].map(([name, size]) => `${name} = ${size}`).join(", ");

/** What is thrown is a failure too: nothing that a text says may throw. */
function guarded(run: () => string | undefined): string | undefined {
  try {
    return run();
  } catch (error) {
    return `thrown: ${error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 5).join("\n") : String(error)}`;
  }
}

/** Failures of one kind say the same but for names and numbers. */
export const kindOf = (failure: string): string =>
  failure
    .replace(/`[^`]*`|\w*\d\w*|\[[^\]]*\]/g, "·")
    .split("\n", 1)[0]
    ?.slice(0, 60) ?? "";
