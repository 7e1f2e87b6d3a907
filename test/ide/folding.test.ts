/** Which lines can be hidden, drawn as brackets before the lines. */
import { expect, test } from "vitest";
import { folding } from "../../compiler/ide/index.js";
import { snapshotOf } from "./drawn.js";

/** `┌` before a line that stays, `│` and `└` before those that are hidden, a column for each range. */
function folded(text: string): string {
  const ranges = folding(snapshotOf(text), "main.tfm");
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length - 1;
  const lines = text.split("\n").map((line, n) => {
    const marks = ranges.map(({ span }) => {
      const [first, last] = [lineOf(span.start), lineOf(span.end)];
      return n === first ? "┌" : n === last ? "└" : first < n && n < last ? "│" : " ";
    });
    return `${marks.join("")} ${line}`.trimEnd();
  });
  return `\n${lines.join("\n")}\n${ranges.map(({ kind }) => kind).join(", ")}\n`;
}

test("imports, comments, heads of several lines, bodies, settings and rules", () => {
  const text = `import { A } from "a.tfm"
import { B } from "b.tfm"

# What follows
# is one thing.

## Says what it is.
model M[seq]{
  d = 8
}
    (x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  repeat i < 2 {
    x = x |> mlp[i]: FFN{
      ff: 4 * d,
      bias: false,
    }
  }
  return x
}

config small = M{
  d: 16
}

weights M from "x" {
  type "x"
  config d = "hidden"   # the width
  expect "bias" = true

  mlp[i].up = "up"
  * = "{}"
}`;
  expect(folded(text)).toMatchSnapshot();
});

test("a file that does not parse", () => {
  expect(folded("block B(x: f32[\n  batch\n  {\n  return x\n}\n\nconfig c = {\n  d: 1\n}\n")).toMatchSnapshot();
});
