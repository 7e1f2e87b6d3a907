/** What `ask` answers is true: held against all small values, for random facts and questions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ask,
  assume,
  evaluate,
  evaluateCondition,
  noFacts,
  normalise,
  possible,
  printCondition,
  type Condition,
} from "../../compiler/shapes/index.js";
import { box, build, claim, meaning, state, tree, truth, type Claim } from "./random.js";

const small = box(Number(process.env["BOX"] ?? 5));
const runs = Number(process.env["RUNS"] ?? 200);

const satisfies = (facts: readonly Claim[], values: (typeof small)[number]): boolean =>
  facts.every((fact) => truth(fact, values) === true);

describe("ask", () => {
  it("proves only what holds, and refutes only what fails", () => {
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 3 }), claim, (facts, question) => {
        const known = facts.map(state).reduce(assume, noFacts);
        const asked: Condition = state(question);
        const answer = ask(asked, known);
        const story = `${known.conditions.map(printCondition).join("; ")} |- ${printCondition(asked)}`;
        const outcomes = small.filter((values) => satisfies(facts, values)).map((values) => truth(question, values));
        if (answer.kind === "proved") expect(outcomes, story).not.toContain(false);
        if (answer.kind === "refuted") {
          const value = answer.witness;
          for (const fact of known.conditions)
            expect(
              evaluateCondition(fact, (a) => value.get(a)),
              story,
            ).toBe(true);
          expect(
            evaluateCondition(asked, (a) => value.get(a)),
            story,
          ).toBe(false);
          if (answer.satisfiable === false) expect(outcomes, story).not.toContain(true);
        }
        const could = possible(asked, known);
        if (could === false) expect(outcomes, story).not.toContain(true);
      }),
      { numRuns: runs },
    );
  }, 600_000);

  it("normalises to a dim of the same value", () => {
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 3 }), tree, (facts, t) => {
        const known = facts.map(state).reduce(assume, noFacts);
        const normal = normalise(build(t), known);
        for (const values of small) {
          if (!satisfies(facts, values)) continue;
          const expected = meaning(t, values);
          const found = evaluate(normal, (a) => values.get(a));
          if (expected !== undefined && found !== undefined) expect(found).toBe(expected);
        }
      }),
      { numRuns: runs },
    );
  }, 600_000);
});
