import { describe, expect, test } from "vitest";
import { createMemory, eachOf, type Noted } from "../../compiler/memory/memory.js";

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

describe("what was taken back", () => {
  test("leaves what was computed before as it was, however it had come to it", () => {
    const { text, times, set } = example();
    set({ a: 4 });
    text.read();
    set({ a: 6 });
    set({ a: 4 });
    expect([text.read(), times.text]).toEqual(["even 2", 1]);
    set({ b: 3 });
    set({ b: 2 });
    expect([text.read(), times.text]).toEqual(["even 2", 1]);
    set({ b: 3 });
    expect([text.read(), times.text]).toEqual(["even 3", 2]);
    // It was computed, and what it was computed from then is again what it was.
    set({ b: 2 });
    expect([text.read(), times.text]).toEqual(["even 2", 2]);
    set({ a: 5, b: 3 });
    expect([text.read(), times.text]).toEqual(["odd", 3]);
    set({ a: 8 });
    expect([text.read(), times.text]).toEqual(["even 3", 3]);
  });

  test("is right after whatever changes, and seldom computed where they are few", () => {
    let state = 1;
    const below = (limit: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    const memory = createMemory();
    const outside = [0, 0, 0, 0];
    const cells = outside.map((_, n) => memory.input(() => outside[n]));
    const at = (n: number): number => cells[n]?.read() ?? 0;
    let times = 0;
    const low = memory.derived(() => (at(0) > 1 ? at(1) : at(2)));
    const noted = memory.derived(() => memory.noted(() => (at(1) > 0 ? at(3) : 0)).of + at(0));
    const high = memory.derived(() => (times++, (low.read() ?? 0) > 1 ? `${at(3)} ${noted.read()}` : `${at(0)}`));
    const expected = ([a, b, c, d]: number[]): string => {
      const [zero, one, two, three] = [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
      return (zero > 1 ? one : two) > 1 ? `${three} ${(one > 0 ? three : 0) + zero}` : `${zero}`;
    };
    for (let n = 0; n < 2_000; n++) {
      outside[below(4)] = below(3);
      memory.advance();
      if (below(3) > 0) expect(high.read()).toBe(expected(outside));
    }
    expect(times).toBeLessThan(700);
  });
});

describe("inputs by name", () => {
  test("are looked at again where they are said to have changed, and nowhere else", () => {
    const memory = createMemory();
    const outside = new Map([["a", 1], ["b", 2]]); // prettier-ignore
    const looked: string[] = [];
    let changed: string[] = [];
    const input = memory.inputs(
      (key) => (looked.push(key), outside.get(key)),
      () => changed,
    );
    const sum = memory.derived(() => (input("a").read() ?? 0) + (input("b").read() ?? 0));
    expect(sum.read()).toBe(3);
    outside.set("a", 5);
    changed = ["a", "never asked for"];
    memory.advance();
    expect([sum.read(), looked]).toEqual([7, ["a", "b", "a"]]);
    changed = [];
    memory.advance();
    expect([sum.read(), looked.length]).toEqual([7, 3]);
  });
});

describe("a noted part", () => {
  /** Two sums of `a` and `b`, of which the part that reads `a` is noted. */
  function parts() {
    const outside = { a: 1, b: 2 };
    const memory = createMemory();
    const a = memory.input(() => outside.a);
    const b = memory.input(() => outside.b);
    let known: Noted<number> | undefined;
    let times = 0;
    const part = (): number => {
      if (known?.isStill()) return known.of;
      known = memory.noted(() => {
        times += 1;
        return a.read() ?? 0;
      });
      return known.of;
    };
    const sum = memory.derived(() => part() + (b.read() ?? 0));
    const set = (changes: Partial<typeof outside>): void => {
      Object.assign(outside, changes);
      memory.advance();
    };
    return { sum, set, times: () => times };
  }

  test("serves again where what it read is as it was", () => {
    const { sum, set, times } = parts();
    expect([sum.read(), times()]).toEqual([3, 1]);
    set({ b: 3 });
    expect([sum.read(), times()]).toEqual([4, 1]);
    set({ a: 2 });
    expect([sum.read(), times()]).toEqual([5, 2]);
  });

  test("tells those who took it that it has changed", () => {
    const { sum, set, times } = parts();
    sum.read();
    // Taken, not computed: what it read is read all the same.
    set({ b: 3 });
    sum.read();
    set({ a: 7 });
    expect([sum.read(), times()]).toEqual([10, 2]);
  });

  test("is let go when nobody has asked for long, and is right then", () => {
    const { sum, set, times } = parts();
    sum.read();
    for (let n = 0; n < 300; n++) set({ a: n, b: n });
    expect([sum.read(), times()]).toEqual([598, 2]);
  });
});

test("each key has a cell of its own", () => {
  const memory = createMemory();
  const length = eachOf((text: string) => memory.derived(() => text.length));
  expect([length("a").read(), length("abc").read()]).toEqual([1, 3]);
  expect(length("a")).toBe(length("a"));
});
