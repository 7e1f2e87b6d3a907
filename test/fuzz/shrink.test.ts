import { expect, test } from "vitest";
import { randomFrom } from "./random.js";
import { shrink } from "./shrink.js";

const long = Array.from({ length: 60 }, (_, line) => `line ${line} of a text # comment`).join("\n");

test("what is left of a text is what fails", async () => {
  const text = `${long}\nblock Bad(x: f32) { return x }\n${long}`;
  expect(await shrink(text, (candidate) => Promise.resolve(/Bad.*return/.test(candidate)))).toBe("Badreturn");
});

test("pieces that fail together stay together", async () => {
  const text = `first\n${long}\nlast\n`;
  const fails = (candidate: string): Promise<boolean> =>
    Promise.resolve(candidate.includes("first") && candidate.includes("last"));
  expect(await shrink(text, fails)).toBe("firstlast");
});

test("a text that fails only as it is stays as it is", async () => {
  expect(await shrink(long, (candidate) => Promise.resolve(candidate === long))).toBe(long);
});

test("random numbers are the same for one seed, and spread", () => {
  const numbers = (seed: number): number[] => {
    const random = randomFrom(seed);
    return Array.from({ length: 10_000 }, () => random.below(10));
  };
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
  for (let digit = 0; digit < 10; digit++) {
    const times = numbers(3).filter((number) => number === digit).length;
    expect(times).toBeGreaterThan(900);
    expect(times).toBeLessThan(1_100);
  }
});
