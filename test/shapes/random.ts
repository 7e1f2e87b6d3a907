/** Random dims and conditions, with a plain meaning to hold the algebra against. */
import fc from "fast-check";
import {
  add,
  and,
  atom,
  ceilDivide,
  compare,
  constant,
  divides,
  flag,
  floorDivide,
  maximum,
  minimum,
  modulo,
  multiply,
  negate,
  not,
  or,
  quotient,
  subtract,
  variable,
  type Atom,
  type ComparisonOperator,
  type Condition,
  type Dim,
} from "../../compiler/shapes/index.js";

const a = atom("a", "config");
const b = atom("b", "config");
const n = atom("n", "axis");
export const i = atom("i", "loop", { below: variable(n) });
export const bias = atom("bias", "config", { min: 0, below: constant(2) });
export const atoms: readonly Atom[] = [a, b, n, i];

export type Valuation = ReadonlyMap<Atom, number>;

/** All values of the atoms within their bounds and up to `limit`. */
export function box(limit: number): readonly Valuation[] {
  const found: Valuation[] = [];
  for (let x = 1; x <= limit; x++)
    for (let y = 1; y <= limit; y++)
      for (let z = 1; z <= limit; z++)
        for (let j = 0; j < z; j++)
          for (const yes of [0, 1]) found.push(new Map([[a, x], [b, y], [n, z], [i, j], [bias, yes]])); // prettier-ignore
  return found;
}

export const valuation: fc.Arbitrary<Valuation> = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.nat(29))
  .map(([x, y, z, j]) => new Map([[a, x], [b, y], [n, z], [i, j % z]])); // prettier-ignore

type Operator = "+" | "-" | "*" | "//" | "/^" | "%" | "/" | "min" | "max";

export type Tree =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "atom"; readonly atom: Atom }
  | { readonly kind: "negate"; readonly operand: Tree }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Tree; readonly right: Tree };

const operations: Record<Operator, (left: Dim, right: Dim) => Dim> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "//": floorDivide,
  "/^": ceilDivide,
  "%": modulo,
  "/": quotient,
  min: minimum,
  max: maximum,
};

export function build(tree: Tree): Dim {
  switch (tree.kind) {
    case "number":
      return constant(tree.value);
    case "atom":
      return variable(tree.atom);
    case "negate":
      return negate(build(tree.operand));
    case "binary":
      return operations[tree.operator](build(tree.left), build(tree.right));
  }
}

/** The plain meaning, in floating point small enough to be exact; undefined where a division fails. */
export function meaning(tree: Tree, values: Valuation): number | undefined {
  switch (tree.kind) {
    case "number":
      return tree.value;
    case "atom":
      return values.get(tree.atom);
    case "negate": {
      const operand = meaning(tree.operand, values);
      return operand === undefined ? undefined : 0 - operand;
    }
    case "binary": {
      const left = meaning(tree.left, values);
      const right = meaning(tree.right, values);
      return left === undefined || right === undefined ? undefined : apply(tree.operator, left, right);
    }
  }
}

function apply(operator: Operator, left: number, right: number): number | undefined {
  const divides = ["//", "/^", "%", "/"].includes(operator);
  if (divides && right === 0) return undefined;
  // Adding 0 turns -0 into 0.
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right + 0;
    case "min":
      return Math.min(left, right);
    case "max":
      return Math.max(left, right);
    case "//":
      return Math.floor(left / right) + 0;
    case "/^":
      return Math.ceil(left / right) + 0;
    case "%":
      return left - right * Math.floor(left / right);
    case "/":
      return left % right === 0 ? left / right + 0 : undefined;
  }
}

/** Short dims, so that facts often concern the question. */
export const shortTree: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom(...atoms).map((atom): Tree => ({ kind: "atom", atom })),
  fc.integer({ min: 0, max: 8 }).map((value): Tree => ({ kind: "number", value })),
  fc
    .tuple(
      fc.constantFrom<Operator>("+", "-", "*", "*", "//", "%", "/"),
      fc.constantFrom(...atoms),
      fc.constantFrom(...atoms, 2, 3, 4),
    )
    .map(([operator, x, y]): Tree => ({
      kind: "binary",
      operator,
      left: { kind: "atom", atom: x },
      right: typeof y === "number" ? { kind: "number", value: y } : { kind: "atom", atom: y },
    })),
);

const operator = fc.constantFrom<Operator>("+", "+", "-", "-", "*", "*", "//", "/^", "%", "/", "min", "max");

export const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; leaf: Tree }>((tie) => ({
  leaf: fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: -3, max: 9 }).map((value): Tree => ({ kind: "number", value })) },
    { weight: 3, arbitrary: fc.constantFrom(...atoms).map((atom): Tree => ({ kind: "atom", atom })) },
  ),
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc.record({ kind: fc.constant("negate" as const), operand: tie("tree") }),
    fc.record({ kind: fc.constant("binary" as const), operator, left: tie("tree"), right: tie("tree") }),
    fc.record({ kind: fc.constant("binary" as const), operator, left: tie("tree"), right: tie("tree") }),
  ),
})).tree;

export type Claim =
  | { readonly kind: "flag" }
  | { readonly kind: "compare"; readonly operator: ComparisonOperator; readonly left: Tree; readonly right: Tree }
  | { readonly kind: "divides"; readonly divisor: Tree; readonly dividend: Tree }
  | { readonly kind: "not"; readonly operand: Claim }
  | { readonly kind: "and" | "or"; readonly left: Claim; readonly right: Claim };

const side = fc.oneof({ weight: 1, arbitrary: tree }, { weight: 3, arbitrary: shortTree });
const comparison = fc.constantFrom<ComparisonOperator>("==", "==", "!=", "<", "<=", ">", ">=");

export const claim: fc.Arbitrary<Claim> = fc.letrec<{ claim: Claim; plain: Claim }>((tie) => ({
  plain: fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("compare" as const), operator: comparison, left: side, right: side }) }, // prettier-ignore
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("divides" as const), divisor: side, dividend: side }) },
    { weight: 1, arbitrary: fc.constant<Claim>({ kind: "flag" }) },
  ),
  claim: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 5, arbitrary: tie("plain") },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("not" as const), operand: tie("claim") }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("and" as const, "or" as const), left: tie("claim"), right: tie("claim") }) }, // prettier-ignore
  ),
})).claim;

export function state(claim: Claim): Condition {
  switch (claim.kind) {
    case "flag":
      return flag(bias);
    case "compare":
      return compare(claim.operator, build(claim.left), build(claim.right));
    case "divides":
      return divides(build(claim.divisor), build(claim.dividend));
    case "not":
      return not(state(claim.operand));
    case "and":
      return and(state(claim.left), state(claim.right));
    case "or":
      return or(state(claim.left), state(claim.right));
  }
}

/** Undefined where any part is: such a valuation says nothing about the algebra. */
export function truth(claim: Claim, values: Valuation): boolean | undefined {
  switch (claim.kind) {
    case "flag":
      return values.get(bias) === 1;
    case "not": {
      const operand = truth(claim.operand, values);
      return operand === undefined ? undefined : !operand;
    }
    case "and":
    case "or": {
      const left = truth(claim.left, values);
      const right = truth(claim.right, values);
      if (left === undefined || right === undefined) return undefined;
      return claim.kind === "and" ? left && right : left || right;
    }
    case "divides": {
      const divisor = meaning(claim.divisor, values);
      const dividend = meaning(claim.dividend, values);
      return divisor === undefined || dividend === undefined || divisor === 0 ? undefined : dividend % divisor === 0;
    }
    case "compare": {
      const left = meaning(claim.left, values);
      const right = meaning(claim.right, values);
      return left === undefined || right === undefined ? undefined : ordered(claim.operator, left, right);
    }
  }
}

function ordered(operator: ComparisonOperator, left: number, right: number): boolean {
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
