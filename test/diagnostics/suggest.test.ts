import fc from "fast-check";
import { expect, test } from "vitest";
import { closest } from "../../compiler/diagnostics/suggest.js";

const settings = ["heads", "kv_heads", "head_dim", "bias", "scale", "p"];

test.each([
  ["kv_head", "kv_heads"],
  ["haeds", "heads"],
  ["hed_dim", "head_dim"],
  ["heads_kv", "kv_heads"],
  ["BIAS", "bias"],
  ["P", "p"],
  ["scael", "scale"],
])("%s means %s", (name, meant) => {
  expect(closest(name, settings)).toBe(meant);
});

test.each(["dropout", "x", "", "a".repeat(5_000_000)])("nothing is near %.10s", (name) => {
  expect(closest(name, settings)).toBeUndefined();
});

test("of two equally near ones the first wins, and the name itself is no suggestion", () => {
  expect(closest("wpe", ["wpe", "wte", "wqe"])).toBe("wte");
});

test("a name of five letters with two of them swapped is always recognised", () => {
  const names = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), minLength: 5, maxLength: 12 });
  fc.assert(
    fc.property(names, fc.nat(3), (name, at) => {
      const swapped = name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
      fc.pre(swapped !== name);
      expect(closest(swapped, ["zzzzzzzzzz", name])).toBe(name);
    }),
  );
});

test("other libraries' names for it", () => {
  const entries = ["heads", "kv_heads", "head_dim", "bias"];
  const meant = ["num_heads", "n_heads", "n_head", "nhead", "num_attention_heads", "num_kv_heads", "attention_bias"];
  expect(meant.map((name) => closest(name, entries))).toEqual([
    "heads",
    "heads",
    "heads",
    "heads",
    "heads",
    "kv_heads",
    "bias",
  ]);
  expect(closest("x_in", ["in", "x"])).toBeUndefined();
});
