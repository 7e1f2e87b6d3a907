import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, type Declaration, type Statement } from "../../grammar/index.js";
import { program } from "./programs.js";
import { withoutSpans } from "./without-spans.js";

const samples = new URL("samples/", import.meta.url);

function declarations(text: string): readonly Declaration[] {
  const { file, problems } = parse(text);
  expect(problems).toEqual([]);
  return file.declarations;
}

function statements(text: string): readonly Statement[] {
  const [block] = declarations(`block A() {\n${text}\n}`);
  if (block?.kind !== "block") throw new Error("no block");
  return block.body.statements;
}

/** The statement's value, without places. */
function value(text: string): unknown {
  const [statement] = statements(text);
  return statement?.kind === "assign" ? withoutSpans(statement.value) : undefined;
}

const name = (text: string): unknown => ({ kind: "name", name: text });
const id = (text: string): unknown => ({ kind: "identifier", name: text });

describe("parse", () => {
  it.each(readdirSync(samples).filter((file) => file.endsWith(".tfm")))("reads %s", (file) => {
    const text = readFileSync(new URL(file, samples), "utf8");
    expect(declarations(text).length).toBe(text.match(/^(?!#)[a-z]/gm)?.length);
  });

  it.each([
    "y = scan[tgt](yt = y, h = h0) { h = f(h, yt) yield h }",
    "y = softmax[src](select(keep, dot[n](tanh(wq + wk), v), -inf))",
    "y = dot[n](h, wm) |> sinusoid[seq](d)",
    "x = x |> group[i * groups // depth]: BertLayer{heads}",
    "y = Embedding{size: vocab, d: e} |> mapping: Linear{out: d}",
    "y = sample[vocab](stop_gradient(logits))",
    "m = causal & (if i % 2 == 0 then true else window(b))",
    "y = concat[seq](cls, x)",
    "y = attend[i, j](qh + u, k, v) { score: s + bd[r: q - k] }",
    "y = roll[n: 1](hs)[i -> j]",
    "y = dot[experts](keep_top[experts](gate, k), dot[ff](silu(dot[d](x, up)), down)) aux balance",
    "y = dot[proj](a, b[batch -> other])",
    "x += tanh(a) * (x |> f)",
    "y = k // n + 1 == which[i: q]",
    "mem := stop_gradient(ctx[j: -span..][j -> m])",
    "y = e[ctx: 0..seq][ctx -> seq]",
    "y = dot[](a, b)",
    "loss cross_entropy[vocab](logits[seq: ..-1], ids[seq: 1..])",
  ])("reads the idiom %s", (text) => {
    expect(statements(text).length).toBeGreaterThan(0);
  });

  it("never takes two programs for one", () => {
    fc.assert(
      fc.property(program, (text) => {
        expect(parse(text).problems).toEqual([]);
      }),
    );
  });
});

describe("expressions", () => {
  it("tell labels, blocks and labels applied again apart", () => {
    expect(value("y = x |> attn: Attention{heads}(m) |> h[i]: Layer |> LayerNorm |> shared |> f(p)")).toEqual({
      kind: "pipe",
      input: name("x"),
      stages: [
        {
          kind: "apply",
          label: name("attn"),
          block: id("Attention"),
          settings: {
            kind: "settings",
            entries: [{ kind: "setting", name: id("heads"), form: "pun", value: name("heads") }],
          },
          arguments: [{ kind: "argument", value: name("m") }],
        },
        {
          kind: "apply",
          label: { kind: "subscript", object: name("h"), items: [{ kind: "expression-item", value: name("i") }] },
          block: id("Layer"),
        },
        { kind: "apply", block: id("LayerNorm") },
        name("shared"),
        { kind: "call", callee: name("f"), arguments: [{ kind: "argument", value: name("p") }] },
      ],
    });
  });

  it("take an upper-case name alone for a name where it is no stage", () => {
    expect(value("y = f(Linear, Linear{out: 2})")).toMatchObject({
      arguments: [{ value: name("Linear") }, { value: { kind: "apply", block: id("Linear") } }],
    });
  });

  it("slice, index, rename and subscript", () => {
    const real = { kind: "number", value: 1, real: false, text: "1" };
    expect(value("y = x[seq: 1.., seq: ..1, seq: a..b, size: ids, i -> j, k]")).toMatchObject({
      items: [
        { kind: "slice-item", axis: id("seq"), from: real },
        { kind: "slice-item", axis: id("seq"), to: real },
        { kind: "slice-item", axis: id("seq"), from: name("a"), to: name("b") },
        { kind: "index-item", axis: id("size"), index: name("ids") },
        { kind: "rename-item", from: id("i"), to: id("j") },
        { kind: "expression-item", value: name("k") },
      ],
    });
  });

  it.each([
    ["1_000", 1000, false],
    ["6e-4", 6e-4, true],
    ["1.0", 1, true],
    ["1e4", 1e4, true],
    ["0", 0, false],
  ])("read the number %s", (text, expected, real) => {
    expect(value(`y = ${text}`)).toEqual({ kind: "number", value: expected, real, text });
  });

  it("leave settings and arguments of the next line alone", () => {
    expect(parse("block A() { y = f\n(x) }").problems).toHaveLength(1);
    expect(parse("block A() { y = x\n[i] }").problems).toHaveLength(1);
    expect(parse("block A() { y = x |> Linear\n{out} }").problems).toHaveLength(1);
    expect(statements("y = attend[i, j](q, k, v)\n  { scale: 1 }")).toHaveLength(1);
  });

  it("go on over lines that start with an operator, a pipe or a dot", () => {
    expect(statements("y = a\n+ b\n- c\n|> f\n.g\nz = 1")).toHaveLength(2);
  });

  it("name an axis once where its label is its size", () => {
    const [block] = declarations("block A(x: f32[d, h: h / 2, 4 * d, ..]) {}");
    const axes = block?.kind === "block" ? block.inputs[0]?.type.axes : undefined;
    expect(withoutSpans(axes)).toMatchObject([
      { kind: "axis", label: id("d"), dim: name("d") },
      { kind: "axis", label: id("h"), dim: { kind: "binary" } },
      { kind: "axis", dim: { kind: "binary" } },
      { kind: "rest" },
    ]);
    const [own] = axes ?? [];
    expect(own?.kind === "axis" && own.label?.span).toEqual(own?.kind === "axis" && own.dim.span);
  });
});

describe("places", () => {
  it("cover the text of what they name, and lie inside of each other", () => {
    const visit = (text: string, node: unknown, outer: { start: number; end: number }): void => {
      if (Array.isArray(node)) node.forEach((item) => visit(text, item, outer));
      if (typeof node !== "object" || node === null || Array.isArray(node)) return;
      let inner = outer;
      if ("span" in node) {
        const span = node.span as { start: number; end: number };
        expect(span.start).toBeGreaterThanOrEqual(outer.start);
        expect(span.end).toBeLessThanOrEqual(outer.end);
        if ("name" in node && typeof node.name === "string") expect(text.slice(span.start, span.end)).toBe(node.name);
        inner = span;
      }
      for (const [key, child] of Object.entries(node)) if (key !== "span") visit(text, child, inner);
    };
    fc.assert(
      fc.property(program, (text) => visit(text, parse(text).file, { start: 0, end: text.length })),
      { numRuns: 40 },
    );
  });

  it("count parentheses to what they hold, not to what is in them", () => {
    const text = "check (a + b) * c";
    const [check] = declarations(text);
    if (check?.kind !== "check" || check.condition.kind !== "binary") throw new Error("no product");
    const { span, left, operatorSpan } = check.condition;
    expect(text.slice(span.start, span.end)).toBe("(a + b) * c");
    expect(text.slice(left.span.start, left.span.end)).toBe("a + b");
    expect(text.slice(operatorSpan.start, operatorSpan.end)).toBe("*");
  });
});

describe("documentation", () => {
  it("belongs to the declaration or weight on the line below", () => {
    const [outer, block] = declarations(`## The batch.
## Two lines.
outer batch

## Not this one.

block A() {
  ## How wide.
  param w: f32[d] = zeros  ## Nor this.
  state s: f32[] = zeros
}`);
    expect(outer).toMatchObject({ doc: "The batch.\nTwo lines." });
    expect(block).not.toHaveProperty("doc");
    const [weight, state] = block?.kind === "block" ? block.body.statements : [];
    expect(weight).toMatchObject({ doc: "How wide." });
    expect(state).not.toHaveProperty("doc");
  });

  it("is among the comments", () => {
    expect(parse("## a\nouter b # c").comments).toMatchObject([
      { text: "## a", doc: true, ownLine: true },
      { text: "# c", doc: false, ownLine: false },
    ]);
  });
});

describe("weights", () => {
  it("has a rule for every kind", () => {
    const [weights] = declarations(`weights GPT2 from "openai-community/gpt2" {
      prefix "transformer."
      layout Linear.weight [d out]
      leaf LayerNorm.weight = "weight" | "gamma"
      input ids = "input_ids"
      output logits = "logits"
      h[i].attn.(q k v) = "h.{i}.attn.c_attn" stack[out]
      h[i].(a b) = "h.{i}.ab" stack[out / heads]
      relative = "table" as [(dy dx) heads]
      norm[0].* = "{}"
      stack[0] = "a"
      ignore "x", "y"
      ignore config "x"
      type "gpt2" | "gpt3"
      task lm = "GPT2LMHeadModel"
      model GPT2 = "GPT2Model"
      config d = "n_embd", act = "act" is {"gelu": gelu, null: relu, -1: relu} else gelu
      expect "a" | "b" = true | -0.5 when d > 3, "c" = null
    }`);
    expect(weights?.kind === "weights" && weights.rules.map(({ kind }) => kind)).toEqual([
      "prefix-rule",
      "layout-rule",
      "leaf-rule",
      "port-rule",
      "port-rule",
      "address-rule",
      "address-rule",
      "address-rule",
      "address-rule",
      "address-rule",
      "ignore-rule",
      "ignore-rule",
      "type-rule",
      "class-rule",
      "class-rule",
      "config-rule",
      "expect-rule",
    ]);
    const stacked = weights?.kind === "weights" ? weights.rules.filter((rule) => rule.kind === "address-rule") : [];
    expect(stacked.map(({ stack }) => [stack?.axis.name, stack?.pieces?.name]).slice(0, 3)).toEqual([
      ["out", undefined],
      ["out", "heads"],
      [undefined, undefined],
    ]);
  });
});

describe("functions", () => {
  it("have variables, a result and facts", () => {
    const [fn] = declarations(
      "fn rope[n, c](x: f32[.., n, c], base: real = 1e4) -> f32[.., n, c] where c % 2 == 0 { return x }",
    );
    expect(fn).toMatchObject({
      kind: "function",
      variables: [{ name: "n" }, { name: "c" }],
      where: [{ kind: "binary" }],
    });
  });
});

describe("settings", () => {
  it("of a run are separated by commas or lines", () => {
    const [run] = declarations("train a.b {\n  lr: 1\n  steps = 2, clip: 3,\n}");
    expect(run?.kind === "run" && run.settings.entries.map((entry) => entry.name.name)).toEqual([
      "lr",
      "steps",
      "clip",
    ]);
    expect(parse("train a.b { lr: 1 steps: 2 }").problems).toHaveLength(1);
  });
});
