import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, print, printExpression, type Comment, type Expression } from "../../grammar/index.js";
import { commentedProgram, program } from "./programs.js";
import { withoutSpans } from "./without-spans.js";

const samples = new URL("samples/", import.meta.url);

function format(text: string): string {
  const parsed = parse(text);
  expect(parsed.problems).toEqual([]);
  return print(parsed, text);
}

function expectFaithful(text: string): void {
  const parsed = parse(text);
  expect(parsed.problems).toEqual([]);
  const printed = print(parsed, text);
  const again = parse(printed);
  expect(again.problems).toEqual([]);
  expect(withoutSpans(again.file)).toEqual(withoutSpans(parsed.file));
  // Two comments may come to share a line, and then are one.
  const said = (comments: readonly Comment[]): string => comments.map((comment) => comment.text).join("  ");
  expect(said(again.comments)).toBe(said(parsed.comments));
  expect(print(again, printed)).toBe(printed);
}

describe("print", () => {
  it("means the same, and changes nothing the second time", () => {
    fc.assert(fc.property(program, expectFaithful), { numRuns: 500 });
  });

  it("keeps every comment in its order", () => {
    fc.assert(fc.property(commentedProgram, expectFaithful), { numRuns: 500 });
  });
});
