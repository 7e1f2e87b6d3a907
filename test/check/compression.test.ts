import { describe, expect, test } from "vitest";
import { compile, parse, print } from "tfmc";
import { rendered } from "./rendered.js";

const model = `
  model M{d = 96, out = 11}(x: f32[batch, d]) -> f32[batch, out] {
    return x |> up: Linear{out: d} |> relu |> down: Linear{out}
  }

  config small = M{}
`;

describe("quantize and prune: what a mistake shows", () => {
  test.each([
    ["a misspelt config", "quantize smal { up = int8[d] }"],
    ["a misspelt way", "quantize small { up = int9[d] }"],
    ["a way of the other's", "prune small { up = int8[d] }"],
    ["no axis", "quantize small { up = int8 }"],
    ["a group that is none", "quantize small { up = int4[d](group: 0) }"],
    ["a share of more than all", "prune small { up = magnitude(50) }"],
    ["an address that is none", "prune small { upp = magnitude(0.5) }"],
    ["one config twice", "prune small { up = magnitude(0.5) }\nprune small { down = magnitude(0.5) }"],
    ["a biased block that is none", "quantize small { Lineal.weight = int8[d] }"],
  ])("%s", (_, text) => {
    expect(rendered(model, text)).toMatchSnapshot();
  });

  test("parts of one tensor that differ", () => {
    const stacked = `
      model S{d = 8}(x: f32[batch, d]) -> f32[batch, d] {
        return (x |> a: Linear{out: d, bias: false}) + (x |> b: Linear{out: d, bias: false})
      }
      config small = S{}
      weights S from "someone/s" { (a b) = "ab" stack[out] }
      quantize small { a = int8[d] }
    `;
    expect(rendered(stacked)).toMatchSnapshot();
  });
});

test("the first rule that fits is a weight's own, and what is pruned may be quantised too", async () => {
  const text = `${model}
    quantize small { down = none  Linear.weight = int4[d](group: 32) }`;
  const both = text.replace("none  Linear", "none\n Linear") + "\nprune small { * = two_of_four[d] }";
  const { code, problems } = await compile("model.tfm", () => both);
  expect(problems).toEqual([]);
  const params = code?.split("\n").filter((line) => /bits|keep/.test(line)) ?? [];
  expect(params.join("\n")).toMatchSnapshot();
});

test("is printed with its equals below each other", () => {
  const text =
    "quantize small {\n lm_head = none # whole\nh[i].attn.(q k) = int8[d]\n Linear.weight=int4[d](group:32)\n}\n";
  const printed = print(parse(text), text);
  expect(printed).toMatchSnapshot();
  expect(print(parse(printed), printed)).toBe(printed);
});
