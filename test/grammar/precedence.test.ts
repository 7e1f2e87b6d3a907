import { describe, expect, it } from "vitest";
import { parse, printExpression, type Expression } from "../../grammar/index.js";

function expressionOf(text: string): Expression {
  const { file, problems } = parse(`fn f() = ${text}`);
  expect(problems).toEqual([]);
  const [declaration] = file.declarations;
  if (declaration?.kind !== "function" || declaration.body.kind === "body") throw new Error("no expression");
  return declaration.body;
}

/** The expression with all of its parentheses. */
function grouped(node: Expression): string {
  switch (node.kind) {
    case "binary":
      return `(${grouped(node.left)} ${node.operator} ${grouped(node.right)})`;
    case "unary":
      return `(${node.operator}${grouped(node.operand)})`;
    case "pipe":
      return `(${[node.input, ...node.stages].map((stage) => (stage.kind === "rearrange" ? "?" : grouped(stage))).join(" |> ")})`;
    case "conditional":
      return `(if ${grouped(node.condition)} then ${grouped(node.then)} else ${grouped(node.otherwise)})`;
    default:
      return printExpression(node);
  }
}

describe("precedence", () => {
  it.each([
    ["a + b * c", "(a + (b * c))"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b // c % d * e", "((((a / b) // c) % d) * e)"],
    ["a | b & c == d + e", "(a | (b & (c == (d + e))))"],
    ["a & b | c & d", "((a & b) | (c & d))"],
    ["-a ^ b", "(-(a ^ b))"],
    ["a ^ -b ^ c", "(a ^ (-(b ^ c)))"],
    ["a ^ b ^ c", "(a ^ (b ^ c))"],
    ["-a * b", "((-a) * b)"],
    ["!a & b", "((!a) & b)"],
    ["x + y |> f |> g", "((x + y) |> f |> g)"],
    ["x + (y |> f)", "(x + (y |> f))"],
    ["if a then b else c + d |> f", "((if a then b else (c + d)) |> f)"],
    ["a * if b then c else d + e", "(a * (if b then c else (d + e)))"],
    ["(a < b) == c", "((a < b) == c)"],
    ["-x.y[0](z)", "(-x.y[0](z))"],
    ["q - k < l | (q - k) % l == 0", "(((q - k) < l) | (((q - k) % l) == 0))"],
  ])("%s is %s", (text, expected) => {
    expect(grouped(expressionOf(text))).toBe(expected);
  });

  it("reports a chain of comparisons once and keeps it", () => {
    const { problems, file } = parse("check a < b <= c");
    expect(problems.map(({ message }) => message)).toEqual(['expected one comparison, found "<="']);
    expect(file.declarations).toHaveLength(1);
  });
});

describe("parentheses in print", () => {
  it.each([
    "x + (x |> f)",
    "(a + b) * c",
    "a + b * c",
    "a - (b - c)",
    "a - b - c",
    "(a < b) == (c < d)",
    "(-a) ^ b",
    "-a ^ b",
    "(a ^ b) ^ c",
    "a ^ b ^ c",
    "-(a + b)",
    "!(a & b)",
    "(if a then b else c) + d",
    "a + (if b then c else d)",
    "if a then b else if c then d else e",
    "if (if a then b else c) then d else e",
    "(x |> f) |> g",
    "x |> (y |> f)",
    "x |> (Linear)",
    "x |> (Linear{out}[i: 0])",
    "x |> Linear{out}",
    "(Linear{out})(x)",
    "Linear{out}(x)",
    "(a + b)[i -> j]",
    "(x |> f).weight",
    "f(x |> g, y: (a |> b) |> c)",
    "x[seq: (x |> f)..]",
    "x[seq: 0..n + 1]",
    "dot[](a, b)",
    "[-1, (a |> b), @seq]".replace("(a |> b)", "a |> b"),
  ])("%s is printed as it is", (text) => {
    expect(printExpression(expressionOf(text))).toBe(text);
  });

  it.each([
    ["((a))", "a"],
    ["(a * b) + c", "a * b + c"],
    ["a + (b * c)", "a + b * c"],
    ["f((a), (b))", "f(a, b)"],
    ["(x).y", "x.y"],
    ["(x + y) |> f", "x + y |> f"],
    ["scan[t](h = h0) { yield h }", "scan[t](h = h0) { ... }"],
  ])("%s is printed %s", (text, expected) => {
    expect(printExpression(expressionOf(text))).toBe(expected);
  });
});
