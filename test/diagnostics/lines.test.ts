import fc from "fast-check";
import { expect, test } from "vitest";
import { lineAt } from "../../compiler/diagnostics/lines.js";

test("every offset of a text lies in the line that splitting the text gives", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r\n"), maxLength: 40 });
  fc.assert(
    fc.property(texts, fc.nat(90), (text, offset) => {
      const line = lineAt(text, offset);
      expect(text.slice(line.start, line.end)).toBe(text.split(/\r?\n/)[line.number - 1]);
      expect(text.slice(0, Math.min(offset, text.length)).split("\n")).toHaveLength(line.number);
    }),
  );
});
