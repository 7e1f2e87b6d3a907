import { expect, test } from "vitest";
import { tooMuch, typed } from "./typing.js";

/** Of a busy machine, in ms. */
const timeout = 300_000;

/** The whole of each example is typed by `typing.full.test.ts`. */
test(
  "while a file is typed, it is never said to have more than one mistake for each that it has",
  { timeout },
  async () => {
    expect(await typed("gpt2.tfm", (soFar) => /\s$/.test(soFar))).toEqual([]);
  },
);

test("what is said too much is found", () => {
  const text = "block A(x: f32[n]) -> f32[n] {\n  return B(x)\n}\nconfig c = M{d";
  const said = (line: number, code: string, message: string) => ({
    range: { start: { line, character: 2 }, end: { line, character: 3 } },
    code,
    message,
  });
  const whole = `${text}: 3}\nfn B(x) = x\n`;
  const [unfinished, forward] = [said(3, "S001", "expected `}`"), said(1, "N102", "unknown name `B`")];
  expect(tooMuch([unfinished, forward], text, whole)).toEqual([]);
  expect(tooMuch([unfinished, said(3, "N101", "unknown config `d`")], text, whole)).toHaveLength(1);
  expect(tooMuch([unfinished, forward, forward], text, whole)).toHaveLength(1);
  expect(tooMuch([said(1, "T201", "3 cannot split 4")], text, whole)).toHaveLength(1);
});
