import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../../grammar/index.js";
import { program } from "./programs.js";

/** Everything that holds for any text. */
function expectSane(text: string): void {
  const { file, comments, problems } = parse(text);
  expect(file.span).toEqual({ start: 0, end: text.length });
  expect(problems.length).toBeLessThanOrEqual(100);
  let last = 0;
  for (const { span, message, expected, found } of problems) {
    expect(span.start).toBeGreaterThanOrEqual(last);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(text.length);
    expect(message).toBe(`expected ${expected}, found ${found}`);
    expect(message).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    last = span.start;
  }
  for (const { span, text: said } of comments) expect(text.slice(span.start, span.end)).toBe(said);
}

const tokens =
  'block model task fn mask score config check weights train outer import Linear x y seq heads = += := == < | & |> -> .. . , : ; ( ) [ ] { } @ ! - ^ 1 2.5 "s" " # ## if then else repeat param state loss return yield attend scan rearrange where when from on as true \n \n\n $ ü \\ \' \0'.split(
    " ",
  );

describe("any text", () => {
  it("of tokens in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens, "\n", "\n"), { maxLength: 80 }), (words) =>
        expectSane(words.join(" ")),
      ),
      { numRuns: 500 },
    );
  });

  it("of characters in any order", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), expectSane), { numRuns: 100 });
  });

  it("of code units in any order", () => {
    const units = fc.array(fc.nat({ max: 0xffff }), { maxLength: 100 }).map((codes) => String.fromCharCode(...codes));
    fc.assert(fc.property(units, expectSane), { numRuns: 200 });
  });

  it("that was a program before something was cut out", () => {
    const cut = fc
      .tuple(program, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 5 }))
      .map(([text, place, length]) => {
        const start = Math.floor(place * text.length);
        return text.slice(0, start) + text.slice(start + length);
      });
    fc.assert(fc.property(cut, expectSane), { numRuns: 200 });
  });
});

describe("huge and deep text", () => {
  const deep = 100_000;
  it.each([
    ["parentheses", `check ${"(".repeat(deep)}`],
    ["closed parentheses", `check ${"(".repeat(deep)}1${")".repeat(deep)}`],
    ["brackets", `check ${"[".repeat(deep)}`],
    ["calls", `check ${"f(".repeat(deep)}`],
    ["signs", `check ${"-".repeat(deep)}1`],
    ["powers", `check 2${"^2".repeat(deep)}`],
    ["conditionals", `check ${"if a then b else ".repeat(deep)}1`],
    ["bodies", `block A() {${"repeat i < d {".repeat(deep)}`],
    ["branches", `block A() {${"if a {} else ".repeat(deep)}{} }`],
    ["operators", `check 1${" + 1".repeat(deep)}`],
    ["subscripts", `check a${"[1]".repeat(deep)}`],
    ["stages", `check (x${" |> f".repeat(deep)})`],
    ["mixed brackets", "(]".repeat(deep)],
    ["open items", `block A() { x = ${"(a b ".repeat(deep)} }`],
  ])("%s", (_name, text) => {
    expectSane(text);
    expect(parse(text).problems.length).toBeGreaterThan(0);
  });

  it.each([
    ["a long list", `check [${"1, ".repeat(200_000)}]`],
    ["a long name", `check ${"a".repeat(5_000_000)}`],
    ["a long string", `check "${"a".repeat(5_000_000)}"`],
    ["a long comment", `#${"a".repeat(5_000_000)}`],
    ["a long number", `check ${"1".repeat(5_000_000)}`],
  ])("%s is read", (_name, text) => {
    expectSane(text);
    expect(parse(text).problems).toEqual([]);
  });

  it.each([
    ["names", `block A() {${"a b c ".repeat(100_000)}}`],
    ["unknown characters", "$ ".repeat(500_000)],
    ["quotes", '"\n'.repeat(500_000)],
    ["bad escapes", `check "${"\\q".repeat(200_000)}"`],
    ["closing brackets", "}".repeat(500_000)],
    ["zeros", "\0".repeat(500_000)],
    ["lone surrogates", "\ud800".repeat(500_000)],
  ])("of %s is given up on", (_name, text) => {
    expectSane(text);
    expect(parse(text).problems.length).toBeGreaterThan(0);
  });

  it("keeps what comes before and after a statement that is too deep", () => {
    const { file, problems } = parse(`outer a\nblock A() {\n  x = ${"(".repeat(200)}\n  y = 1\n}\nouter b`);
    expect(problems.map(({ expected }) => expected)).toEqual(["at most 100 levels of nesting"]);
    expect(file.declarations).toMatchObject([
      { kind: "outer" },
      { kind: "block", body: { statements: [{ name: { name: "y" } }] } },
      { kind: "outer" },
    ]);
  });
});
