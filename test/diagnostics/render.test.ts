import fc from "fast-check";
import { createColors } from "picocolors";
import { expect, test } from "vitest";
import { problem, type Mark, type Problem } from "../../compiler/diagnostics/problem.js";
import { render } from "../../compiler/diagnostics/render.js";

/** A mark on the n-th occurrence of a piece of text. */
function on(text: string, piece: string, label?: string, file = "gpt2.tfm", nth = 0): Mark {
  let start = text.indexOf(piece);
  for (let i = 0; i < nth; i++) start = text.indexOf(piece, start + 1);
  return { file, span: { start, end: start + piece.length }, ...(label !== undefined && { label }) };
}

function shown(text: string, found: Problem): string {
  return render(found, { source: (file) => (file === "gpt2.tfm" ? text : undefined) });
}

function unknown(primary: Mark | undefined, details?: Parameters<typeof problem>[3]): Problem {
  return problem("N102", { name: "x" }, primary, details);
}

const header = "error[N102] unknown name `x`";

test("shows both ends of a contradiction, the path and the mend", () => {
  const text = "model GPT2{d = 768}\n\n\n\n\n\n\n\n\nconfig mini = GPT2{heads: 10}\n";
  const found = problem(
    "T201",
    { divisor: "10 heads", dividend: "d = 768" },
    on(text, "heads: 10", "10 comes from here"),
    {
      secondary: [on(text, "d = 768", "768 is this default")],
      notes: ["via h[i] > attn: head_dim = d / heads must be exact (std/attention.tfm:5)"],
      help: "8, 12 and 16 divide 768; or pass head_dim explicitly",
    },
  );
  expect(shown(text, found)).toBe(
    [
      "error[T201] 10 heads cannot split d = 768",
      "  gpt2.tfm:10  config mini = GPT2{heads: 10}",
      "                                  ^^^^^^^^^ 10 comes from here",
      "  gpt2.tfm:1   model GPT2{d = 768}",
      "                          ------- 768 is this default",
      "  via h[i] > attn: head_dim = d / heads must be exact (std/attention.tfm:5)",
      "  help: 8, 12 and 16 divide 768; or pass head_dim explicitly",
    ].join("\n"),
  );
});

test("marks on one line share it: the last label stands behind, the others below their own place", () => {
  const text = "  x += x |> up: Linear{out: 4 * d}";
  const found = unknown(on(text, "x", "x is f32[batch, seq, d]"), {
    secondary: [on(text, "x |> up: Linear{out: 4 * d}", "f32[batch, seq, 4·d]")],
  });
  expect(shown(text, found)).toBe(
    [
      header,
      "  gpt2.tfm:1  x += x |> up: Linear{out: 4 * d}",
      "              ^    --------------------------- f32[batch, seq, 4·d]",
      "              x is f32[batch, seq, d]",
    ].join("\n"),
  );
});

test("marks that overlap get rows of their own", () => {
  const text = "y = dot[d](x, w)";
  const found = unknown(on(text, "d](x", "inner"), { secondary: [on(text, "dot[d](x, w)", "outer")] });
  expect(shown(text, found)).toBe(
    [
      header,
      "  gpt2.tfm:1  y = dot[d](x, w)",
      "                      ^^^^ inner",
      "                  ------------ outer",
    ].join("\n"),
  );
});

test("marks that touch get rows of their own", () => {
  const text = "y = ab";
  const found = unknown(on(text, "a"), { secondary: [on(text, "b")] });
  expect(shown(text, found).split("\n").slice(2)).toEqual(["                  ^", "                   -"]);
});

test("columns follow tabs, wide characters and joined emoji", () => {
  const text = "\ta\t= 注意力 + 👩‍💻 + é + x";
  expect(shown(text, unknown(on(text, "x")))).toBe(
    [header, "  gpt2.tfm:1  a   = 注意力 + 👩‍💻 + é + x", `              ${" ".repeat(24)}^`].join("\n"),
  );
  expect(shown(text, unknown(on(text, "意力"))).split("\n")[2]).toBe(`              ${" ".repeat(8)}^^^^`);
});

test("a span over several lines underlines its first and its last, which has the label", () => {
  const text = "a = f(\n  1,\n  2\n)\nb = 1\n";
  expect(shown(text, unknown(on(text, "f(\n  1,\n  2\n)\n", "here")))).toBe(
    [header, "  gpt2.tfm:1  a = f(", "                  ^^", "  gpt2.tfm:4  )", "              ^ here"].join("\n"),
  );
});

test("the end of a file, an empty file and a blank line can be pointed at", () => {
  const at = (start: number): Mark => ({ file: "gpt2.tfm", span: { start, end: start }, label: "here" });
  expect(shown("a = {", unknown(at(5)))).toBe(`${header}\n  gpt2.tfm:1  a = {\n                   ^ here`);
  expect(shown("a = {\n", unknown(at(6)))).toBe(`${header}\n  gpt2.tfm:2\n              ^ here`);
  expect(shown("", unknown(at(0)))).toBe(`${header}\n  gpt2.tfm:1\n              ^ here`);
  expect(shown("\n\na", unknown(at(0)))).toBe(`${header}\n  gpt2.tfm:1\n              ^ here`);
  expect(shown("a", unknown({ file: "gpt2.tfm", span: { start: 90, end: 100 } }))).toBe(
    `${header}\n  gpt2.tfm:1  a\n               ^`,
  );
});

test("line breaks of Windows count once and are not shown", () => {
  const text = "a = 1\r\nb = x\r\nc = 2\r\n";
  expect(shown(text, unknown(on(text, "x\r\n")))).toBe(`${header}\n  gpt2.tfm:2  b = x\n                  ^`);
});

test("a line of five million characters is shown around the mistake, at most 160 columns wide", () => {
  const filler = "y + ".repeat(1_250_000);
  const text = `a = ${filler}WRONG + ${filler}`;
  const lines = shown(text, unknown(on(text, "WRONG", "here"))).split("\n");
  expect(lines[1]).toMatch(/^ {2}gpt2\.tfm:1 {2}….* y \+ WRONG \+ y .*…$/);
  expect(lines[1]?.length).toBeLessThanOrEqual(160);
  expect(lines[2]?.indexOf("^^^^^ here")).toBe(lines[1]?.indexOf("WRONG"));
});

test("marks far apart on a long line get an excerpt each", () => {
  const text = `FIRST = ${"y + ".repeat(100)}LAST`;
  const found = unknown(on(text, "FIRST", "one"), { secondary: [on(text, "LAST", "two")] });
  const lines = shown(text, found).split("\n");
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/FIRST = y .*…$/);
  expect(lines[2]?.trim()).toBe("^^^^^ one");
  expect(lines[3]).toMatch(/….* LAST$/);
  expect(lines[4]?.indexOf("---- two")).toBe(lines[3]?.indexOf("LAST"));
});

test("a span longer than the window is underlined to its edge", () => {
  const text = `a = "${"z".repeat(5000)}"`;
  const lines = shown(text, unknown(on(text, text.slice(4), "never ends"))).split("\n");
  expect(lines[1]).toMatch(/^ {2}gpt2\.tfm:1 {2}….*"z+…$/);
  expect(lines[1]?.length).toBeLessThanOrEqual(160);
  expect(lines[2]).toMatch(/^ +\^{100,160} never ends$/);
});

test("a source line cannot act on the terminal", () => {
  const text = "a = \u001b[2J\u202ex\u0007";
  const found = problem("N102", { name: "\u001b[31m" }, on(text, "x", "\u009b1m"));
  const result = shown(text, found);
  // eslint-disable-next-line no-control-regex -- that none is left is the point
  expect(result).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(result).toContain("a = ␛[2J\ufffdx␇");
});

test("a file whose text is not at hand is named with what is to be said", () => {
  const found = unknown({ file: "gone.tfm", span: { start: 3, end: 4 }, label: "declared here" });
  expect(shown("", found)).toBe(`${header}\n  gone.tfm  declared here`);
  expect(shown("", unknown(undefined, { notes: ["nowhere"] }))).toBe(`${header}\n  nowhere`);
});

const marks = fc.record({
  file: fc.constantFrom("gpt2.tfm", "gone.tfm"),
  span: fc.record({ start: fc.nat(60), end: fc.nat(60) }),
  label: fc.option(fc.string(), { nil: undefined }),
});
const problems = fc
  .record({
    primary: marks,
    secondary: fc.array(marks, { maxLength: 4 }),
    help: fc.option(fc.string(), { nil: undefined }),
  })
  .map(({ primary, secondary, help }) => {
    const clean = ({ label, ...mark }: (typeof secondary)[number]): Mark =>
      label === undefined ? mark : { ...mark, label };
    return unknown(clean(primary), { secondary: secondary.map(clean), help });
  });
const texts = fc.string({
  unit: fc.constantFrom("a", " ", "\n", "\r\n", "\t", "意", "👩‍💻", "é", "\ud800"),
  maxLength: 60,
});

test("any marks on any text render, with and without colour alike", () => {
  fc.assert(
    fc.property(texts, problems, (text, found) => {
      const source = (file: string): string | undefined => (file === "gpt2.tfm" ? text : undefined);
      const coloured = render(found, { source, colors: createColors(true) });
      // eslint-disable-next-line no-control-regex -- colours are control sequences
      expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(render(found, { source }));
    }),
    { numRuns: 500 },
  );
});

test("every mark in a file at hand is underlined within 160 columns of location and source", () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.integer({ min: 1, max: 3000 }), fc.constantFrom("y", "意"), (before, length, unit) => {
      const text = unit.repeat(before) + "#".repeat(length) + unit.repeat(500);
      const lines = shown(text, unknown({ file: "gpt2.tfm", span: { start: before, end: before + length } })).split(
        "\n",
      );
      const columns = [...(lines[1] ?? "")].reduce((sum, character) => sum + (character === "意" ? 2 : 1), 0);
      expect(columns).toBeLessThanOrEqual(160);
      const start = lines[2]?.indexOf("^") ?? 0;
      const hash = [...(lines[1] ?? "")].indexOf("#");
      const wide = [...(lines[1] ?? "")].slice(0, hash).filter((character) => character === "意").length;
      expect(start).toBe(hash + wide);
      expect(lines[2]?.length).toBeLessThanOrEqual(160);
    }),
  );
});
