import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, print, type Comment } from "../../grammar/index.js";
import { commentedProgram, crowdedProgram, program } from "./programs.js";
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
  const said = (comments: readonly Comment[]): string => comments.map((comment) => comment.text).join("   ");
  expect(said(again.comments)).toBe(said(parsed.comments));
  expect(print(again, printed)).toBe(printed);
}

describe("print", () => {
  it("means the same, and changes nothing the second time", () => {
    fc.assert(fc.property(program, expectFaithful), { numRuns: 150 });
  });

  it("keeps every comment in its order", () => {
    fc.assert(fc.property(commentedProgram, expectFaithful), { numRuns: 150 });
  });

  it("keeps them where they are in every gap", () => {
    fc.assert(fc.property(crowdedProgram, expectFaithful), { numRuns: 100 });
  });

  it.each(readdirSync(samples).filter((file) => file.endsWith(".tfm")))("sets %s as a person would", async (file) => {
    const text = readFileSync(new URL(file, samples), "utf8");
    expectFaithful(text);
    const printed = format(text);
    await expect(printed).toMatchFileSnapshot(`formatted/${file}`);
    // Strings are as long as they are, and so are their comments.
    const long = printed.split("\n").filter((line) => line.replace(/ +#.*/, "").length > 120 && !line.includes('"'));
    expect(long).toEqual([]);
  });
});

describe("lines", () => {
  it.each([
    ["keep one blank of several", "outer a\n\n\n\nouter b\nouter c", "outer a\n\nouter b\nouter c\n"],
    ["lose blanks at their end and at both ends", "\n\n outer a  \n\n", "outer a\n"],
    ["are none for nothing", "\n \n", ""],
    ["are there for comments alone", "# a\n\n\n# b", "# a\n\n# b\n"],
    ["keep one statement where it is", "block A() { return 1 }", "block A() { return 1 }\n"],
    ["keep one statement below", "block A() {\n return 1 }", "block A() {\n  return 1\n}\n"],
    ["give each of two statements its own", "block A() { a = 1 return a }", "block A() {\n  a = 1\n  return a\n}\n"],
    ["break a run's settings where the author did", "train a.b {\n lr: 1, n: 2 }", "train a.b {\n  lr: 1\n  n: 2\n}\n"],
    ["join a run's settings where the author did", "train a.b { lr: 1,\n n: 2 }", "train a.b { lr: 1, n: 2 }\n"],
  ])("%s", (_name, text, expected) => {
    expect(format(text)).toBe(expected);
  });

  it("break a signature before its facts, its inputs, its result", () => {
    const long = (count: number): string =>
      Array.from({ length: count }, (_, i) => `argument${i}: f32[batch, d]`).join(", ");
    const heads = (text: string): string[] => format(`${text} {}`).trimEnd().split("\n");
    expect(heads(`block A(${long(2)}) -> f32[batch, d] where d % 2 == 0, d > ${"1".repeat(20)}`)).toEqual([
      `block A(${long(2)}) -> f32[batch, d]`,
      `    where d % 2 == 0, d > ${"1".repeat(20)} {}`,
    ]);
    expect(heads(`block LongName{alpha, beta}(${long(3)}) -> f32[batch, d]`)).toEqual([
      "block LongName{alpha, beta}",
      `    (${long(3)}) -> f32[batch, d] {}`,
    ]);
    expect(heads(`block A(${long(4)}) -> f32[batch, d]`)).toEqual([`block A(${long(4)})`, "    -> f32[batch, d] {}"]);
    expect(heads(`block LongerName{alpha}(${long(4)}) -> f32[batch, d] where d > 1`)).toEqual([
      "block LongerName{alpha}",
      `    (${long(4)})`,
      "    -> f32[batch, d] where d > 1 {}",
    ]);
  });

  it("put what has no room in a signature between its brackets", () => {
    const entries = (count: number): string =>
      Array.from({ length: count }, (_, i) => `argument${i}: f32[batch, d]`).join(", ");
    const parameters = Array.from({ length: 12 }, (_, i) => `parameter${i}`);
    expect(format(`block A{${parameters.join(", ")}}(x: f32[d]) -> f32[d] {}`)).toBe(
      `block A{\n  ${parameters.slice(0, 9).join(", ")},\n  ${parameters.slice(9).join(", ")}\n}(x: f32[d]) -> f32[d] {}\n`,
    );
    expect(format(`fn a(${entries(5)}) -> f32[d] = argument0`)).toBe(
      `fn a(\n  ${entries(4)},\n  argument4: f32[batch, d]\n) -> f32[d] = argument0\n`,
    );
  });

  it.each([
    ["train a.b { lr: 1, n: 2,}", "train a.b {\n  lr: 1\n  n: 2\n}"],
    ["config a = A{lr: 1\n  n: 2}", "config a = A{\n  lr: 1\n  n: 2\n}"],
    ["config a = A{b: 1, c: 2,}", "config a = A{\n  b: 1\n  c: 2\n}"],
    ["block A = B{c: 1, d: 2,}", "block A = B{\n  c: 1,\n  d: 2,\n}"],
    ["config a = A{\n  b: 1, c: 2}", "config a = A{b: 1, c: 2}"],
  ])("are one for each item where the author shows so: %j", (text, expected) => {
    expect(format(text)).toBe(`${expected}\n`);
  });

  it("keep an else below where the author put it", () => {
    const text = "block A() {\n  if a { return 1 }\n  else { return 2 }\n}\n";
    expect(format(text)).toBe(text);
    expect(format(text.replace("\n  else", " else"))).toBe(text.replace("\n  else", " else"));
  });

  it("break all stages of a pipe, or none", () => {
    const stages = (count: number): string[] => Array.from({ length: count }, (_, i) => `|> name_${i}: Linear{out: d}`);
    const body = (text: string): string => format(`block A() { x = ${text} }`).split("\n").slice(1, -2).join("\n");
    expect(format(`block A() {\n x = y ${stages(3).join(" ")} }`)).toContain(`  x = y ${stages(3).join(" ")}\n`);
    expect(body(`y ${stages(5).join(" ")}`)).toBe(`  x = y\n    ${stages(5).join("\n    ")}`);
    const settings = Array.from({ length: 8 }, (_, i) => `setting_${i}: value`).join(", ");
    expect(body(`y |> name: Linear{${settings}}(z)`)).toBe(
      `  x = y |> name: Linear{\n    ${settings.replace(", setting_6", ",\n    setting_6")}\n  }(z)`,
    );
  });

  it("keep parentheses that tell what belongs together", () => {
    const text = "check (a / b) * (c / d) + (a & b) == ((a))\n";
    expect(format(text)).toBe("check (a / b) * (c / d) + (a & b) == a\n");
  });

  it("keep one rule where it is", () => {
    for (const text of ['weights A from "a" { * = "{}" }\n', "prune a { b.c = half[d] }\n"]) {
      expect(format(text)).toBe(text);
      expect(format(text.replace(" }", "\n}"))).toBe(text.replace("{ ", "{\n  ").replace(" }\n", "\n}\n"));
    }
  });

  it("make a table of assignments where the author began one", () => {
    const text = (padding: string): string => `block A() {\n  a${padding} = 1\n  b, c = d\n  e += 1\n\n  f = 2\n}\n`;
    expect(format(text(" "))).toBe(text("   "));
    expect(format(text(""))).toBe(text(""));
  });

  it("make tables of neighbours", () => {
    expect(format("config a = A{}\nconfig long = A{}\n\nconfig b = A{}\ncheck a == 1\ncheck long(a) == 2")).toBe(
      "config a    = A{}\nconfig long = A{}\n\nconfig b = A{}\ncheck a       == 1\ncheck long(a) == 2\n",
    );
    const far = "a".repeat(20);
    expect(format(`config a = A{}\nconfig ${far} = A{}`)).toBe(`config a = A{}\nconfig ${far} = A{}\n`);
  });

  it("align the rules of a paragraph", () => {
    expect(format('weights A from "x" { a = "1" long.name = "2"\n\n b = "3" ignore "q" }')).toBe(
      'weights A from "x" {\n  a         = "1"\n  long.name = "2"\n\n  b = "3"\n  ignore "q"\n}\n',
    );
  });

  it("set the rules for a config.json", () => {
    const rules = [
      'type "a" | "b"',
      'task lm    = "ALM"',
      'model Long = "A"',
      'config d = "x", e = count("y") | "z"',
      'config f = if "g" then 1 else 2 else 3 * d',
      'config h  = "i" is {"j": 1, null: -d, -1.5: 2} else 3',
      'config hh = "k"',
      'expect ("a" | "b") + 1 = "c" | null | -1e-5 when d > (if "e" then 1 else 2)',
      'ignore config "a", "b"',
    ];
    const laidOut = `weights A from "x" {\n  ${rules.join("\n\n  ").replaceAll(/("ALM"|else 3)\n/g, "$1")}\n}\n`;
    expect(format(laidOut)).toBe(laidOut);
    expect(format(laidOut.replaceAll(/  +/g, " "))).toBe(laidOut);
    const many = Array.from({ length: 8 }, (_, n) => `"activation_${n}": function_${n}`).join(", ");
    expect(format(`weights A from "x" { config d = "x" is {${many}} else 3 * = "b" }`)).toMatchInlineSnapshot(`
      "weights A from "x" {
        config d = "x" is {
          "activation_0": function_0, "activation_1": function_1, "activation_2": function_2, "activation_3": function_3,
          "activation_4": function_4, "activation_5": function_5, "activation_6": function_6, "activation_7": function_7
        } else 3
        * = "b"
      }
      "
    `);
  });
});

describe("comments", () => {
  it.each([
    ["trail their statement", "block A() {\n  a = 1 # one\n  # two\n  return a # three\n  # four\n}"],
    ["stand above their declaration", "# top\n\n## doc\nouter a # same\n# below"],
    ["stand in a list", "train a.b {\n  # one\n  lr: 1 # two\n  # three\n}"],
    ["stand in rules", 'weights A from "x" { # zero\n  # one\n  a = "1" # two\n  # three\n}'],
  ])("%s", (_name, text) => {
    const tidy = text.replace(/(\S) #/g, "$1   #");
    expect(format(text)).toBe(`${tidy}\n`);
  });

  it("from within an expression go to the end of its line", () => {
    expect(format("check a + # one\n  b")).toBe("check a   # one\n  + b\n");
    expect(format("check ( # one\n  a)")).toBe("check a   # one\n");
  });
});
