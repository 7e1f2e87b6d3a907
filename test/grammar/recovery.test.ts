import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, type Declaration } from "../../grammar/index.js";

const gpt2 = readFileSync(new URL("samples/gpt2.tfm", import.meta.url), "utf8");

function nameOf(declaration: Declaration): string {
  switch (declaration.kind) {
    case "import":
    case "check":
      return declaration.kind;
    case "weights":
      return "weights";
    case "run":
    case "compression":
      return declaration.keyword;
    default:
      return declaration.name.name;
  }
}

const all = "Gpt2Layer GPT2 lm gpt2 gpt2_xl check check weights train generate".split(" ");

/** `line:column message` as in GPT-2 after `from` was replaced by `to`. */
interface Mistake {
  readonly from: string;
  readonly to: string;
  readonly problem: string;
  readonly help?: string;
  /** Names of the declarations that are not in the tree. */
  readonly lost?: string;
}

const declarationHelp =
  "a file holds import, outer, block, model, task, fn, mask, score, config, check, weights, train, generate, quantize and prune";

const logits = "logits = dot[d](x, wte.weight)";

const mistakes: readonly Mistake[] = [
  // Brackets and commas.
  { from: "{heads, p}(x", to: "{heads p}(x", problem: '1:30 expected "," or "}", found "p"' },
  { from: "d = 768, depth", to: "d = , depth", problem: '7:48 expected an expression, found ","' },
  {
    from: "(mask: causal) |> dropout(p)\n  x += x |> ln_2",
    to: "(mask: causal |> dropout(p)\n  x += x |> ln_2",
    problem: '2:84 expected "," or ")", found "x"',
  },
  { from: "i32[batch, seq]) ->", to: "i32[batch, seq] ->", problem: '8:26 expected "," or ")", found "->"' },
  { from: "h[i]: Gpt2Layer", to: "h[i: Gpt2Layer", problem: '10:55 expected "," or "]", found "}"' },
  { from: logits, to: "logits = dot[d](x, wte.weight", problem: '15:32 expected "," or ")", found "loss"' },
  { from: logits, to: "logits = dot[d(x, wte.weight)", problem: '15:32 expected "," or "]", found "loss"' },
  { from: logits, to: `${logits})`, problem: '15:33 expected an operator, a statement or "}", found ")"' },
  {
    from: logits,
    to: "logits = dot[d](x; wte.weight)",
    problem: '15:20 expected "," or ")", found ";"',
    help: "nothing separates statements",
  },
  { from: logits, to: "logits = (a b) + c", problem: '15:14 expected ")", found "b"' },
  {
    from: logits,
    to: "logits = f(x = 2)",
    problem: '15:15 expected "," or ")", found "="',
    help: "an argument is named with `name: value`",
  },
  { from: logits, to: "logits = f(x |> rearrange[a b -> ], y)", problem: '15:36 expected an axis, found "]"' },
  { from: logits, to: "logits = f(x |> rearrange[a 1 -> a 2], y)", problem: '15:37 expected "]", found "2"' },
  { from: logits, to: "logits = attend[i j](q, k, v)", problem: '15:20 expected ",", found "j"' },
  // Braces.
  {
    from: "  return x\n}\n\nmodel",
    to: "  return x\n\nmodel",
    problem: '4:11 expected a statement or "}", found "model"',
    help: 'the "{" of line 1 is not closed',
  },
  {
    from: "{heads, p} }",
    to: "{heads, p}",
    problem: '12:2 expected a statement or "}", found "task"',
    help: 'the "{" of line 8 is not closed',
  },
  {
    from: "return logits\n}",
    to: "return logits\n",
    problem: '17:16 expected a statement or "}", found "config"',
    help: 'the "{" of line 14 is not closed',
  },
  { from: "}\n\ntask", to: "}\n}\n\ntask", problem: '13:1 expected a declaration, found "}"', help: declarationHelp },
  { from: "depth {", to: "depth", problem: '10:19 expected "{", found "x"' },
  {
    from: "-> f32[batch, seq, d] {\n  x += x |> ln_1",
    to: "-> f32[batch, seq, d]\n  x += x |> ln_1",
    problem: '1:79 expected "{", found "x"',
  },
  {
    from: "clip: 1.0\n}",
    to: "clip: 1.0\n",
    problem: '37:72 expected a setting or "}", found "generate"',
    help: 'the "{" of line 35 is not closed',
  },
  {
    from: "stop: 50256 }\n",
    to: "stop: 50256\n",
    problem: '39:78 expected a setting or "}", found the end of the file',
  },
  {
    from: logits,
    to: "if tied { logits = 1\n  else { logits = 2 }",
    problem: '15:23 expected a statement or "}", found "else"',
  },
  // Expressions.
  { from: "x = x |> h[i]", to: "x = = x |> h[i]", problem: '10:26 expected an expression, found "="' },
  { from: logits, to: "logits =", problem: '15:11 expected an expression, found "loss"' },
  { from: logits, to: `${logits} +`, problem: '15:35 expected an expression, found "loss"' },
  {
    from: logits,
    to: "logits = a && b",
    problem: '15:15 expected an expression, found "&"',
    help: "write a single `&`",
  },
  { from: logits, to: "logits = if a then b", problem: '15:23 expected "else", found "loss"' },
  {
    from: logits,
    to: "logits = if a then x |> f else y",
    problem: '15:24 expected "else", found "|>"',
    help: "a pipe inside of `if` stands in parentheses: `|>` binds loosest",
  },
  { from: "|> ln_f: LayerNorm", to: "|>", problem: '11:14 expected a layer or a function, found "}"' },
  { from: "|> ln_f: LayerNorm", to: "|> ln_f:", problem: '11:20 expected an upper-case name, found "}"' },
  {
    from: "|> ln_f: LayerNorm",
    to: "|> ln_f: layerNorm",
    problem: '11:21 expected an upper-case name, found "layerNorm"',
    help: "blocks and models start with an upper-case letter",
  },
  {
    from: "|> ln_f: LayerNorm",
    to: "|> ln_f(x): LayerNorm",
    problem: '11:22 expected a layer or a function, found ":"',
    help: "a label is a name, or a name with an index",
  },
  {
    from: "seq <= ctx {",
    to: "seq <= ctx <= 5 {",
    problem: '8:67 expected one comparison, found "<="',
    help: "comparisons do not chain: write `a < b & b < c`",
  },
  // Statements.
  {
    from: logits,
    to: "logits dot[d](x, wte.weight)",
    problem: '15:10 expected "=", found "dot"',
    help: "a value is bound by `name = expression`",
  },
  {
    from: logits,
    to: "let logits = x",
    problem: '15:7 expected "=", found "logits"',
    help: "a value is bound by `name = expression`",
  },
  {
    from: logits,
    to: "for i in range(3) { y = 1 }",
    problem: '15:7 expected "=", found "i"',
    help: "a loop is `repeat i < count { ... }`",
  },
  {
    from: logits,
    to: "logits -= 2",
    problem: '15:10 expected "=", found "-"',
    help: "a value is bound by `name = expression`",
  },
  {
    from: logits,
    to: "logits = foo\n(x)",
    problem: '16:1 expected a statement or "}", found "("',
    help: "the `(` of a call or subscript stays on its line",
  },
  {
    from: logits,
    to: "logits = x\n  mask foo = x",
    problem: '16:8 expected "=", found "foo"',
    help: "`mask` stands outside of any body",
  },
  {
    from: logits,
    to: "logits = x\n  fn foo(x: int) -> int = x",
    problem: '16:3 expected a statement or "}", found "fn"',
    help: "functions are declared outside of any body",
  },
  { from: logits, to: "param w f32[d] = zeros", problem: '15:10 expected ":", found "f32"' },
  {
    from: "loss cross",
    to: "// loss of this\n  loss cross",
    problem: '16:11 expected an operator, a statement or "}", found "of"',
    help: "a comment starts with `#`; `//` divides and rounds down",
  },
  { from: "repeat i < depth", to: "repeat i in depth", problem: '10:12 expected "<", found "in"' },
  // Headers.
  { from: "task lm() on GPT2 as x", to: "task lm() GPT2 as x", problem: '14:10 expected "on", found "GPT2"' },
  {
    from: "block Gpt2Layer[",
    to: "block gpt2Layer[",
    problem: '1:7 expected an upper-case name, found "gpt2Layer"',
    lost: "Gpt2Layer",
    help: "blocks and models start with an upper-case letter",
  },
  { from: "block Gpt2Layer[", to: "block [", problem: '1:7 expected an upper-case name, found "["', lost: "Gpt2Layer" },
  { from: "config gpt2    = GPT2{}", to: "config gpt2    = GPT2", problem: '20:22 expected "{", found "config"' },
  {
    from: "config gpt2    = GPT2{}",
    to: "config gpt2    =",
    problem: '20:17 expected an upper-case name, found "config"',
    lost: "gpt2",
  },
  { from: "config gpt2    = GPT2{}", to: "config = GPT2{}", problem: '20:8 expected a name, found "="', lost: "gpt2" },
  {
    from: "config gpt2    = GPT2{}",
    to: "configuration gpt2 = GPT2{}",
    problem: '20:1 expected a declaration, found "configuration"',
    help: declarationHelp,
    lost: "gpt2",
  },
  {
    from: "check params(gpt2.lm) ==",
    to: "check params(gpt2.lm) =",
    problem: '22:23 expected an operator, found "="',
    lost: "check",
    help: "`==` compares",
  },
  {
    from: "schedule: cosine(",
    to: "schedule cosine(",
    problem: '37:11 expected "," or "}", found "cosine"',
    help: 'the "{" of line 35 is not closed',
  },
  { from: "over seq {", to: "over {", problem: '39:23 expected a name, found "{"', lost: "generate" },
  // Rules.
  { from: '"h.{i}.attn.c_proj"', to: "h.i.attn.c_proj", problem: '28:23 expected a string, found "h"' },
  { from: "h[i].attn.o  ", to: "h[i].attn.  ", problem: '28:20 expected a label, found "="' },
  { from: "stack[out]", to: "stack", problem: '27:48 expected "[", found "h"' },
  { from: "Linear.weight [d out]", to: "Linear [d out]", problem: '26:17 expected ".", found "["' },
  { from: 'GPT2 from "openai', to: 'GPT2 "openai', problem: '25:13 expected "from", found "openai-community/gpt2"' },
  // Characters.
  { from: logits, to: `${logits} $`, problem: '15:34 expected a name, a number or an operator, found "$"' },
  {
    from: logits,
    to: "größe = 3",
    problem: '15:3 expected a name, found "größe"',
    help: "names are made of a-z, A-Z, 0-9 and _",
  },
  {
    from: logits,
    to: 'logits = f("abc)',
    problem: "15:14 expected a closing quote, found the end of the line",
    help: "a string ends on the line it starts on",
  },
  {
    from: '"h.{i}.attn.c_proj"',
    to: "'h.{i}.attn.c_proj'",
    problem: '28:23 expected a string in "double" quotes, found single quotes',
  },
  {
    from: '"h.{i}.attn.c_proj"',
    to: '"h.\\d"',
    problem: '28:26 expected an escape, found "\\d"',
    help: 'the escapes are \\", \\\\, \\n, \\r, \\t and \\u{...}',
  },
];

describe("one mistake", () => {
  it.each(mistakes)("$to", ({ from, to, problem, help, lost }) => {
    expect(gpt2).toContain(from);
    const text = gpt2.replace(from, () => to);
    const { file, problems } = parse(text);
    const said = problems.map(({ span, message }) => {
      const before = text.slice(0, span.start).split("\n");
      return `${before.length}:${(before.at(-1) ?? "").length + 1} ${message}`;
    });
    expect(said).toEqual([problem]);
    expect(problems[0]?.help).toBe(help);
    const kept = file.declarations.map(nameOf).filter((name) => all.includes(name));
    expect(kept).toEqual(lost === undefined ? all : all.toSpliced(all.indexOf(lost), 1));
  });
});

describe("two mistakes", () => {
  it("are two problems, in their order", () => {
    const text = gpt2.replace("{heads, p}(x", "{heads p}(x").replace("over seq {", "over {");
    expect(parse(text).problems.map(({ expected }) => expected)).toEqual(['"," or "}"', "a name"]);
  });

  it("in one body leave its other statements", () => {
    const { file, problems } = parse("block A() {\n  a = 1\n  b = )\n  c = 3\n  d e\n  return c\n}");
    expect(problems).toHaveLength(2);
    const [block] = file.declarations;
    const kept = block?.kind === "block" ? block.body.statements : [];
    expect(kept.map((statement) => (statement.kind === "assign" ? statement.name.name : statement.kind))).toEqual([
      "a",
      "b",
      "c",
      "return",
    ]);
  });
});

describe("what stands in for an expression", () => {
  it("is there for the phases to be silent about", () => {
    const { file } = parse("block A() { y = }");
    const [block] = file.declarations;
    expect(block?.kind === "block" && block.body.statements).toMatchObject([
      { kind: "assign", name: { name: "y" }, value: { kind: "missing", span: { start: 15, end: 15 } } },
    ]);
  });
});

describe("a file that is no program", () => {
  it.each([
    ["", []],
    ["\ufeff", []],
    ["# only this", []],
    ["import numpy as np", ['expected "{", found "numpy"']],
    ["{}", ['expected a declaration, found "{"']],
    ["block A() {", ['expected a statement or "}", found the end of the file']],
    ["\0", ['expected a name, a number or an operator, found "\\u{0}"']],
  ])("%j", (text, messages) => {
    expect(parse(text).problems.map(({ message }) => message)).toEqual(messages);
  });
});
