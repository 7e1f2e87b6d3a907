import { describe, expect, test } from "vitest";
import { createMemory, eachOf } from "../../compiler/memory/memory.js";

/** Two numbers from outside, what is computed of them, and how often. */
function example() {
  const outside = { a: 1, b: 2 };
  const memory = createMemory();
  const times = { isEven: 0, text: 0 };
  const a = memory.input(() => outside.a);
  const b = memory.input(() => outside.b);
  const isEven = memory.derived(() => {
    times.isEven += 1;
    return (a.read() ?? 0) % 2 === 0;
  });
  const text = memory.derived(() => {
    times.text += 1;
    return isEven.read() ? `even ${b.read()}` : "odd";
  });
  const set = (changes: Partial<typeof outside>): void => {
    Object.assign(outside, changes);
    memory.advance();
  };
  return { text, times, set, memory };
}

describe("a result", () => {
  test("is computed once, and again when what it read has changed", () => {
    const { text, times, set } = example();
    expect([text.read(), text.read(), times.text]).toEqual(["odd", "odd", 1]);
    set({ a: 4 });
    expect([text.read(), times.text]).toEqual(["even 2", 2]);
    set({ b: 3 });
    expect([text.read(), times.text, times.isEven]).toEqual(["even 3", 3, 2]);
  });

  test("is kept where what changed came out equal", () => {
    const { text, times, set } = example();
    text.read();
    set({ a: 3 });
    expect([text.read(), times]).toEqual(["odd", { isEven: 2, text: 1 }]);
  });

  test("does not depend on what it read before and reads no more", () => {
    const { text, times, set } = example();
    set({ a: 2 });
    text.read();
    set({ a: 1 });
    text.read();
    set({ b: 9 });
    expect([text.read(), times.text]).toEqual(["odd", 2]);
  });

  test("that nobody asks for is not computed, and is right when someone asks after long", () => {
    const { text, times, set } = example();
    text.read();
    for (let a = 2; a < 500; a++) set({ a, b: a });
    expect(times.text).toBe(1);
    expect([text.read(), times.text]).toEqual(["odd", 2]);
    set({ a: 500 });
    expect(text.read()).toBe("even 499");
  });

  test("of itself is undefined", () => {
    const memory = createMemory();
    const own: { read: () => number | undefined } = memory.derived((): number => (own.read() ?? 1) + 1);
    expect(own.read()).toBe(2);
  });
});

test("each key has a cell of its own", () => {
  const memory = createMemory();
  const length = eachOf((text: string) => memory.derived(() => text.length));
  expect([length("a").read(), length("abc").read()]).toEqual([1, 3]);
  expect(length("a")).toBe(length("a"));
});
