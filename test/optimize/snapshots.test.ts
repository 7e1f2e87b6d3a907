/** What each pass makes of a small model: the function that it is about, before and after. */
import { expect, test } from "vitest";
import { storeTransposed } from "../../compiler/4-optimize/store-transposed.js";
import { functionsOf, mapFunctions } from "../../compiler/ir/functions.js";
import type { Function, Module } from "../../compiler/ir/graph.js";
import { printFunction } from "../../compiler/ir/print.js";
import { lowerText } from "../ir/lower.js";
import { passes } from "./passes.js";

const model = (body: string, blocks = ""): string => `
  ${blocks}
  model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
    ${body}
    return x
  }
  task t() on M as x -> f32[batch, seq, d] { return x }`;

function print(module: Module, names: readonly string[]): string {
  const found = functionsOf(module).filter(({ name }) => names.includes(name));
  return found.map(printFunction).join("\n\n");
}

const through = (module: Module, ...names: readonly string[]): Module =>
  names.reduce((current, name) => mapFunctions(current, passes[name] ?? ((made: Function) => made)), module);

test.each<[string, readonly string[], string, string, readonly string[]]>([
  ["products of weights, and biases behind them", ["Linear"], "fuseLinear", model("x = x |> a: Linear{out: d}"), []],
  [
    "a product whose sum has another use stays apart",
    ["M"],
    "fuseLinear",
    model(
      "param w: f32[e: d, d] = normal(0.1)\n param b: f32[e: d] = zeros\n y = dot[d](x, w)\n z = y + b\n x = (z * y)[e -> d]",
    ),
    [],
  ],
  ["small blocks are written out", ["FFN"], "inlineSmall", model("x = x |> f: FFN{ff: 7}"), ["fuseLinear"]],
  [
    "blocks of more than two operations stay",
    ["B", "M"],
    "inlineSmall",
    model("x = x |> b: B", "block B[d](x: f32[.., d]) -> f32[.., d] { return exp(sin(x) + cos(x)) }"),
    [],
  ],
  [
    "renames in a chain, and those that lead back",
    ["M"],
    "dropRenames",
    model("y = exp(x[seq -> n])\n x = sin(y[n -> m])[m -> seq] * y[n -> m][m -> seq]"),
    [],
  ],
  [
    "views of views",
    ["M"],
    "composeViews",
    model("x = x |> rearrange[batch seq (u v) -> batch u seq v; u = 2] |> rearrange[batch u seq v -> batch seq (u v)]"),
    [],
  ],
  [
    "a view that is read twice stays",
    ["M"],
    "composeViews",
    model(
      "y = x |> rearrange[batch seq (u v) -> batch u seq v; u = 2]\n z = y |> rearrange[batch u seq v -> batch seq (u v)]\n x = z * (y |> rearrange[batch u seq v -> batch seq (v u)])",
    ),
    [],
  ],
  [
    "a view that splits what another merged otherwise",
    ["M"],
    "composeViews",
    model("x = x |> rearrange[batch seq d -> batch (seq d)] |> rearrange[batch (d seq) -> batch seq d]"),
    [],
  ],
  [
    "products named after their layers",
    ["M", "B"],
    "nameProducts",
    model(
      "param w: f32[e: d, d] = normal(0.1)\n x = x |> b: B",
      "block B[d](x: f32[.., d]) -> f32[.., d] { param weight: f32[e: d, d] = normal(0.1)\n return exp(dot[d](x, weight))[e -> d] }",
    ),
    ["fuseLinear", "inlineSmall"],
  ],
])("%s", (_, names, pass, text, earlier) => {
  const before = through(lowerText(text).module, ...earlier);
  expect(`${print(before, names)}\n\n===> ${pass}\n\n${print(through(before, pass), names)}\n`).toMatchSnapshot();
});

test("a weight that is only multiplied is kept input axis first; one that is looked up, or multiplied from both sides, is not", () => {
  const text = `
    model M[seq]{vocab = 9, d = 4, e = 3}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
      x = ids |> wte: Embedding{size: vocab, d}
      return dot[e](x |> a: Linear{out: e, bias: false}, a.weight) |> b: Linear{out: d, bias: false}
    }
    task t() on M as x -> f32[batch, seq, vocab] { return dot[d](x, wte.weight) }`;
  const before = through(lowerText(text).module, "fuseLinear", "inlineSmall", "dropRenames", "fuseLinear");
  const after = storeTransposed(before).module;
  expect(`${print(before, ["M", "t"])}\n\n===> storeTransposed\n\n${print(after, ["M", "t"])}\n`).toMatchSnapshot();
}); // prettier-ignore
