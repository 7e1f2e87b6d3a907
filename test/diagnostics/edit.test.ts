import { expect, test } from "vitest";
import { applyEdits } from "../../compiler/diagnostics/edit.js";

const at = (start: number, end: number, text: string): Parameters<typeof applyEdits>[1][number] => ({
  span: { start, end },
  text,
});

test("edits are made where they were meant, in whatever order they come", () => {
  expect(applyEdits("abcdef", [at(0, 1, "AAA"), at(4, 5, ""), at(2, 3, "C")])).toBe("AAAbCdf");
  expect(applyEdits("abcdef", [at(2, 3, "C"), at(4, 5, ""), at(0, 1, "AAA")])).toBe("AAAbCdf");
});

test("insertions at one place keep their order", () => {
  expect(applyEdits("ab", [at(1, 1, "1"), at(1, 1, "2")])).toBe("a12b");
});
