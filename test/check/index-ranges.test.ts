import * as fc from "fast-check";
import { check } from "tfmc";
import { expect, test } from "vitest";

/** An index expression over positions, as source and as a function. */
interface Index {
  readonly text: string;
  readonly at: (q: number, k: number) => number;
}

const queries = 5;
const keys = 7;

const floor = (a: number, b: number): number => Math.floor(a / b);

const leaf: fc.Arbitrary<Index> = fc.oneof(
  fc.constant<Index>({ text: "q", at: (q) => q }),
  fc.constant<Index>({ text: "k", at: (_, k) => k }),
  fc.integer({ min: 0, max: 9 }).map((n): Index => ({ text: String(n), at: () => n })),
);

const comparisons = {
  "<": (a: number, b: number) => a < b,
  "<=": (a: number, b: number) => a <= b,
  "==": (a: number, b: number) => a === b,
  "!=": (a: number, b: number) => a !== b,
} as const;

const binary: readonly ((a: Index, b: Index) => Index)[] = [
  (a, b) => ({ text: `(${a.text} + ${b.text})`, at: (q, k) => a.at(q, k) + b.at(q, k) }),
  (a, b) => ({ text: `(${a.text} - ${b.text})`, at: (q, k) => a.at(q, k) - b.at(q, k) }),
  (a, b) => ({ text: `min(${a.text}, ${b.text})`, at: (q, k) => Math.min(a.at(q, k), b.at(q, k)) }),
  (a, b) => ({ text: `max(${a.text}, ${b.text})`, at: (q, k) => Math.max(a.at(q, k), b.at(q, k)) }),
];

const index: fc.Arbitrary<Index> = fc.letrec<{ index: Index }>((tie) => ({
  index: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.tuple(tie("index"), tie("index"), fc.constantFrom(...binary)).map(([a, b, make]) => make(a, b)),
    fc
      .tuple(tie("index"), fc.integer({ min: 1, max: 4 }), fc.constantFrom("//", "%", "*"))
      .map(([a, n, operator]): Index => ({
        text: `(${a.text} ${operator} ${n})`,
        at: (q, k) => {
          const value = a.at(q, k);
          return operator === "*" ? value * n : operator === "//" ? floor(value, n) : value - n * floor(value, n);
        },
      })),
    tie("index").map((a): Index => ({ text: `abs(${a.text})`, at: (q, k) => Math.abs(a.at(q, k)) })),
    fc
      .tuple(
        tie("index"),
        tie("index"),
        fc.constantFrom<keyof typeof comparisons>("<", "<=", "==", "!="),
        tie("index"),
        tie("index"),
      )
      .map(([a, b, operator, c, d]): Index => ({
        text: `(if ${a.text} ${operator} ${b.text} then ${c.text} else ${d.text})`,
        at: (q, k) => (comparisons[operator](a.at(q, k), b.at(q, k)) ? c.at(q, k) : d.at(q, k)),
      })),
  ),
})).index;

/** Each value that the index takes. */
function values({ at }: Index): number[] {
  return Array.from({ length: queries * keys }, (_, n) => at(floor(n, keys), n % keys));
}

function codes({ text }: Index, size: number): readonly string[] {
  const source = `
model Scores(x: f32[batch, i: ${queries}, d: 4], y: f32[batch, j: ${keys}, d: 4]) -> f32[batch, i: ${queries}, d: 4] {
  param table: f32[rows: ${size}] = normal(0.02)
  return attend[i, j](x, y, y) { score: s + table[rows: q - q + k - k + ${text}] }
}
config scores = Scores{}`;
  return check("model.tfm", () => source).problems.map(({ code }) => code);
}

test("a look-up that is accepted stays within its table for every query and key; most that do are accepted", () => {
  const found = { accepted: 0, within: 0, beyond: 0 };
  fc.assert(
    fc.property(index, fc.integer({ min: 1, max: 12 }), (expression, size) => {
      const isWithin = values(expression).every((value) => value >= 0 && value < size);
      const problems = codes(expression, size);
      if (problems.length === 0) expect(isWithin, expression.text).toBe(true);
      else expect([...new Set(problems)], expression.text).toEqual(["T204"]);
      found.accepted += Number(problems.length === 0);
      found.within += Number(isWithin);
      found.beyond += Number(!isWithin);
    }),
    { numRuns: 300 },
  );
  expect(found.beyond).toBeGreaterThan(60);
  expect(found.within).toBeGreaterThan(40);
  expect(found.accepted / found.within).toBeGreaterThan(0.9);
});
