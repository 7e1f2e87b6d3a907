/** What a selection grows to from the cursor, drawn step by step. */
import { expect, test } from "vitest";
import { selectionRanges } from "../../compiler/ide/index.js";
import { drawn, snapshotOf, withCursor } from "./drawn.js";

function grown(marked: string): string {
  const { text, offset } = withCursor(marked);
  const spans = selectionRanges(snapshotOf(text), "main.tfm", offset);
  return `\n${spans.map((span) => drawn(text, [{ span }])).join("\n")}\n`;
}

test.each([
  [
    "a word, its expression, its statement",
    "block B[d]{n}(x: f32[.., d]) -> f32[.., d] {\n  return x |> up: Linear{out: 2 * ‸d}\n}",
  ],
  ["a string", 'weights M from "some‸one/small" {\n}'],
  ["brackets of a text that does not parse", "block B(x: f32[bat‸ch, d) -> {"],
])("%s", (_, marked) => {
  expect(grown(marked)).toMatchSnapshot();
});

test("each range is within the next, and the last is all", () => {
  const text = "model M{d = 8}(x: f32[batch, d]) -> f32[batch, d] {\n  return x |> l: Linear{out: d}\n}\n\n# end\n";
  const snapshot = snapshotOf(text);
  for (let offset = 0; offset <= text.length; offset++) {
    const spans = selectionRanges(snapshot, "main.tfm", offset);
    expect(spans.at(-1)).toEqual({ start: 0, end: text.length });
    for (const [n, { start, end }] of spans.entries()) {
      const inner = spans[n - 1];
      expect(start <= offset && offset <= end && (!inner || (start <= inner.start && inner.end <= end))).toBe(true);
    }
  }
});
