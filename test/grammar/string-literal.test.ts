import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteString, unescapeString } from "../../grammar/string-literal.js";
import { parse } from "../../grammar/index.js";

describe("quoteString", () => {
  it("is read back as the value", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(fc.string({ unit: "binary", maxLength: 1 }), fc.constantFrom('"', "\\", "\n", "u{1}")),
        }),
        (value) => {
          const text = `import { a } from ${quoteString(value)}`;
          const { file, problems } = parse(text);
          expect(problems).toEqual([]);
          expect(file.declarations).toMatchObject([{ from: { value } }]);
        },
      ),
    );
  });

  it("is one line without control characters", () => {
    expect(quoteString("a\n\u001b[31m\u2028\ud800")).toBe('"a\\n\\u{1b}[31m\\u{2028}\\u{d800}"');
  });
});

describe("unescapeString", () => {
  it.each([
    ["a\\tb", "a\tb"],
    ["\\u{1f600}", "😀"],
    ["\\\\n", "\\n"],
    ["\\q", "\\q"],
    ["\\u{110000}", "\\u{110000}"],
  ])("%s", (inner, value) => {
    expect(unescapeString(inner)).toBe(value);
  });
});
