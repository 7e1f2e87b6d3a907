import fc from "fast-check";
import { expect, test } from "vitest";
import { leastOfLargest } from "../../runtime/generate/least-of-largest.js";

const floats = fc.float32Array({ minLength: 1, maxLength: 60, noNaN: true, noDefaultInfinity: false });

test("with weights of 1, it is the one at that place in order", () => {
  fc.assert(
    fc.property(floats, fc.integer({ min: 1, max: 60 }), (values, place) => {
      const sorted = values.slice().sort().reverse();
      const due = sorted[Math.min(place, values.length) - 1] ?? NaN;
      // Not Object.is: which of 0 and -0 it is makes no difference.
      expect(leastOfLargest(values, () => 1, place) === due).toBe(true);
    }),
  );
});

test("with weights of their own, those from it on reach the target, and no fewer do", () => {
  const counts = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 20000 }), (numbers, target) => {
      const least = leastOfLargest(Float32Array.from(numbers), (value) => value, target);
      const sumOf = (kept: number[]): number => kept.reduce((sum, value) => sum + value, 0);
      const total = sumOf(numbers);
      if (total < target) expect(least).toBe(Math.min(...numbers));
      else expect(sumOf(numbers.filter((value) => value >= least))).toBeGreaterThanOrEqual(target);
      expect(sumOf(numbers.filter((value) => value > least))).toBeLessThan(Math.max(target, 1));
    }),
  );
});
