import { evaluate, type Meanings } from "./evaluate.js";
import { rulesOf, type Weights } from "./example-parts.js";
import type { Fields } from "./fields.js";
import { refuseValue } from "./refuse-value.js";
import { isList, isSame, type Value } from "./value.js";

export const expectationsOf = (weights: Weights): readonly Expectation[] =>
  rulesOf(weights, "expect-rule").flatMap(({ expectations }) => expectations);

type Expectation = ReturnType<typeof rulesOf<"expect-rule">>[number]["expectations"][number];

/** Refuses what an `expect` rule does not allow. A field that is absent, or null, is as transformers has it by default. */
export function requireExpected(weights: Weights, config: Fields, valueOf: (name: string) => Value | undefined): void {
  const meanings: Meanings = { field: config.find, name: valueOf };
  for (const { field, allowed, when } of expectationsOf(weights)) {
    if (when && evaluate(when, meanings)?.value !== true) continue;
    const found = evaluate(field, meanings);
    if (!found || found.value === null) continue;
    const values = found.isSlice === true && isList(found.value) ? found.value : [found.value];
    const known = allowed.map(({ value }) => value);
    const stray = values.find((value) => !known.some((one) => isSame(one, value)));
    if (stray !== undefined) refuseValue(config, found.path, found.value, known);
  }
}
