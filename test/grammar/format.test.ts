import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { format, formatEdits, indentationEdit, parse, print, type TextEdit } from "../../grammar/index.js";
import { commentedProgram } from "./programs.js";

function edited(text: string, edits: readonly TextEdit[]): string {
  let at = 0;
  let result = "";
  for (const edit of edits) {
    expect(edit.span.start).toBeGreaterThanOrEqual(at);
    result += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return result + text.slice(at);
}

const untidy = ["config   a=M{d:4}   # small", "", "config long= M{d:8}", "", "", "outer b"].join("\n") + "\n";
const broken = "block A(x: f32[d]) -> {\n     y =  = 3   \n\n\n}\n";

describe("format", () => {
  it("is print where nothing is wrong", () => {
    const isPrinted = (text: string): void => {
      expect(format(text)).toBe(print(parse(text), text));
    };
    fc.assert(fc.property(commentedProgram, isPrinted), { numRuns: 60 });
  });

  it("leaves a declaration with a mistake as it is, and lays the others out", () => {
    expect(format(`${untidy}\n\n${broken}\n\n\nouter   c  outer d\nouter e # e\n\n\n`)).toBe(
      `config a = M{d: 4}   # small\n\nconfig long = M{d: 8}\n\nouter b\n\n\n${broken}\nouter c\nouter d\nouter e   # e\n`,
    );
    expect(format(broken)).toBe(broken);
    expect(format("")).toBe("");
  });

  it("keeps a table whole", () => {
    expect(format(`config a= M{}\nconfig long = M{}\n${broken}`)).toBe(
      `config a    = M{}\nconfig long = M{}\n${broken}`,
    );
  });

  it("keeps the line ends of Windows", () => {
    expect(format("outer   a\r\n\r\n\r\nouter b\r\n")).toBe("outer a\r\n\r\nouter b\r\n");
  });

  it("changes nothing the second time, whatever is wrong with the text", () => {
    const damaged = fc.tuple(
      commentedProgram,
      fc.nat(),
      fc.constantFrom("", "}", "{", "=", "\n", '"', "block ", "\u0000"),
    );
    const isSettled = ([text, place, put]: [string, number, string]): void => {
      const at = place % (text.length + 1);
      const wrong = text.slice(0, at) + put + text.slice(at + 2);
      const laidOut = format(wrong);
      expect(edited(wrong, formatEdits(wrong))).toBe(laidOut);
      expect(format(laidOut)).toBe(laidOut);
      expect(formatEdits(laidOut)).toEqual([]);
    };
    fc.assert(fc.property(damaged, isSettled), { numRuns: 150 });
  });
});

describe("formatEdits", () => {
  it("changes lines that are to be other ones, and no more", () => {
    const text = "outer a\n\nblock A() {\n  b = 1\n  c   = 2\n  return c\n}\n";
    const start = text.indexOf("  c");
    expect(formatEdits(text)).toEqual([{ span: { start, end: start + "  c   = 2\n".length }, text: "  c = 2\n" }]);
  });

  it("keeps the declarations that the range does not touch", () => {
    const at = untidy.indexOf("long");
    expect(edited(untidy, formatEdits(untidy, { start: at, end: at }))).toBe(
      untidy.replace("config long= M{d:8}", "config long = M{d: 8}"),
    );
    const both = formatEdits(untidy, { start: 0, end: at });
    expect(edited(untidy, both)).toBe("config a = M{d: 4}   # small\n\nconfig long = M{d: 8}\n\n\nouter b\n");
    expect(formatEdits(untidy, { start: untidy.length, end: untidy.length })).toEqual([]);
  });

  it("takes a comment for a part of the declaration below it", () => {
    const text = "outer  a\n# of b\nouter  b\n";
    const at = text.indexOf("of b");
    expect(edited(text, formatEdits(text, { start: at, end: at }))).toBe("outer  a\n# of b\nouter b\n");
  });
});

describe("indentationEdit", () => {
  /** The line with the `|`, as it is to be indented. */
  function indented(text: string): string {
    const offset = text.indexOf("¦");
    const plain = text.replace("¦", "");
    const edit = indentationEdit(plain, offset);
    const done = edit ? edited(plain, [edit]) : plain;
    const start = done.lastIndexOf("\n", Math.max(0, offset - 1)) + 1;
    return done.slice(start).split("\n")[0] ?? "";
  }

  it.each([
    ["a new line of a body", "block A() {\n¦", "  "],
    ["a line of an inner body", "block A() {\n  repeat i < 3 {\n¦x = 1", "    x = 1"],
    ["a brace that closes it", "block A() {\n  repeat i < 3 {\n    x = 1\n    }¦", "  }"],
    ["the brace of a declaration", "block A() {\n  x = 1\n  }¦", "}"],
    ["a body below a signature of two lines", "block A{a}\n    (x: f32[d]) -> f32[d] {\n¦", "  "],
    ["the second line of a signature", "block A{a}\n(x: f32[d])¦", "    (x: f32[d])"],
    ["the facts of a signature", "block A(x: f32[d])\nwhere¦ d > 1", "    where d > 1"],
    ["the first stage of a pipe", "block A() {\n  x = y\n|> z¦", "    |> z"],
    ["a further stage", "block A() {\n  x = y\n    |> z\n|> z¦", "    |> z"],
    ["what is in the brackets of a stage", "block A() {\n  x = y\n    |> Linear{\n¦", "      "],
    ["a line behind a declaration", "block A() {\n}\n  ¦", ""],
    ["a line that is right", "block A() {\n  ¦x", "  x"],
    ["brackets in strings and comments", 'weights A from "{" { # (\n¦', "  "],
  ])("indents %s", (_name, text, expected) => {
    expect(indented(text)).toBe(expected);
  });

  it("changes nothing else", () => {
    expect(indentationEdit("block A() {\n  x", 14)).toBeUndefined();
    expect(indentationEdit("block A() {\n x", 13)).toEqual({ span: { start: 12, end: 13 }, text: "  " });
  });

  it("throws for no text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.nat({ max: 60 }), (text, offset) => {
        expect(format(text)).toEqual(edited(text, formatEdits(text)));
        expect(indentationEdit(text, Math.min(offset, text.length))?.text ?? "").toMatch(/^ *$/);
      }),
    );
  });
});
