import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  atom,
  constant,
  evaluate,
  floorDivide,
  isOpaque,
  minimum,
  modulo,
  multiply,
  negate,
  power,
  printDim,
  quotient,
  renderDim,
  subtract,
  typescriptStyle,
  variable,
  type Dim,
} from "../../compiler/shapes/index.js";
import { build, tree, valuation } from "./random.js";
import { evaluateSource } from "./source.js";

const config = (name: string): Dim => variable(atom(name, "config"));
const [d, heads, image, patch, win] = ["d", "heads", "image", "patch", "win"].map(config) as [Dim, Dim, Dim, Dim, Dim];
const c = constant;
const typescript = typescriptStyle((a) => a.name);

describe("printDim", () => {
  it.each<[string, string, Dim]>([
    ["4*d", "4 * d", multiply(c(4), d)],
    ["d / heads", "d / heads", quotient(d, heads)],
    ["d / heads + 1", "d / heads + 1", add(c(1), quotient(d, heads))],
    ["1 - d", "1 - d", subtract(c(1), d)],
    ["-d - 1", "-d - 1", subtract(negate(d), c(1))],
    ["-d^2", "-(d ** 2)", negate(power(d, 2))],
    [
      "-(image // patch / d^2)",
      "-(Math.floor(image / patch) / d ** 2)",
      negate(quotient(floorDivide(image, patch), power(d, 2))),
    ],
    ["(d + heads) / 2", "(d + heads) / 2", quotient(add(d, heads), c(2))],
    ["image / (8*patch)", "image / (8 * patch)", quotient(image, multiply(c(8), patch))],
    ["image // patch", "Math.floor(image / patch)", floorDivide(image, patch)],
    ["(image - 1) // 2", "Math.floor((image - 1) / 2)", add(floorDivide(subtract(image, c(3)), c(2)), c(1))],
    ["d + 2*(image // 2)", "d + 2 * Math.floor(image / 2)", add(d, multiply(c(2), floorDivide(image, c(2))))],
    ["image % 8", "image % 8", modulo(image, c(8))],
    ["d*(image % 8) + 3", "d * (image % 8) + 3", add(multiply(d, modulo(image, c(8))), c(3))],
    ["1 - image % patch", "1 - image % patch", subtract(c(1), modulo(image, patch))],
    ["-(image // patch)", "-Math.floor(image / patch)", negate(floorDivide(image, patch))],
    ["(d + 7*heads) % 8", "(d + 7 * heads) % 8", modulo(subtract(d, heads), c(8))],
    ["min(d, heads + 1)", "Math.min(d, heads + 1)", minimum(d, add(heads, c(1)))],
    ["d*win / heads", "d * win / heads", multiply(win, quotient(d, heads))],
    ["0", "0", c(0)],
    ["-3", "-3", c(-3)],
  ])("%s", (source, emitted, dim) => {
    expect(printDim(dim)).toBe(source);
    expect(renderDim(dim, typescript)).toBe(emitted);
  });

  it("means what the dim means", () => {
    fc.assert(
      fc.property(tree, valuation, (t, values) => {
        const dim = build(t);
        const expected = evaluate(dim, (a) => values.get(a));
        fc.pre(expected !== undefined && !isOpaque(dim));
        const named = new Map([...values].map(([a, value]) => [a.name, value]));
        expect(evaluateSource(printDim(dim), named), printDim(dim)).toBe(expected);
      }),
      { numRuns: 600 },
    );
  });

  it("means the same in TypeScript", () => {
    fc.assert(
      fc.property(tree, valuation, (t, values) => {
        const dim = build(t);
        const expected = evaluate(dim, (a) => values.get(a));
        fc.pre(expected !== undefined && !isOpaque(dim) && Math.abs(expected) < 1e6);
        const named = Object.fromEntries([...values].map(([a, value]) => [a.name, value]));
        const emitted = renderDim(dim, typescript);
        expect(runInNewContext(emitted, named), emitted).toBeCloseTo(expected, 5);
      }),
      { numRuns: 600 },
    );
  });
});
