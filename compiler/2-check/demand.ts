/** What must be true of sizes and indices for a text to mean something: asked where it is written, or of those who use it. */
import {
  add,
  and,
  asConstant,
  compare,
  divides,
  one,
  printCondition,
  signedParts,
  substitute,
  substituteCondition,
  subtract,
  zero,
  type Atom,
  type Condition,
  type Dim,
} from "../shapes/index.js";

export type Demand =
  /** `dividend / divisor` is exact. */
  | { readonly kind: "division"; readonly dividend: Dim; readonly divisor: Dim }
  /** The `where` of a callee. */
  | { readonly kind: "fact"; readonly condition: Condition; readonly callee: string }
  /** Each index of a look-up lies in `0..size-1`. */
  | { readonly kind: "range"; readonly index: Dim; readonly size: Dim; readonly axis: string }
  /** `from..to` lies within an axis. */
  | { readonly kind: "slice"; readonly from: Dim; readonly to: Dim; readonly size: Dim; readonly axis: string }
  /** A weight's size comes from the config. */
  | { readonly kind: "fixed"; readonly size: Dim; readonly address: string };

/** What the demand comes to; that a size is fixed is no question of its value. */
export function conditionOf(demand: Demand): Condition | undefined {
  switch (demand.kind) {
    case "division":
      return divides(demand.divisor, demand.dividend);
    case "fact":
      return demand.condition;
    case "range":
      return inside(demand.index, demand.size);
    case "slice": {
      // An empty slice is legal: `logits[seq: ..-1]` of one token has no entries.
      const inOrder = and(compare("<=", zero, demand.from), compare("<=", demand.from, demand.to));
      return and(inOrder, compare("<=", demand.to, demand.size));
    }
    case "fixed":
      return undefined;
  }
}

export const inside = (index: Dim, size: Dim): Condition => and(compare("<=", zero, index), compare("<", index, size));

/** The same demand in the terms of a caller. */
export function translated(demand: Demand, map: (symbol: Atom) => Dim | undefined): Demand {
  const into = (dim: Dim): Dim => substitute(dim, map);
  switch (demand.kind) {
    case "division":
      return { ...demand, dividend: into(demand.dividend), divisor: into(demand.divisor) };
    case "fact":
      return { ...demand, condition: substituteCondition(demand.condition, map) };
    case "range":
      return { ...demand, index: into(demand.index), size: into(demand.size) };
    case "slice":
      return { ...demand, from: into(demand.from), to: into(demand.to), size: into(demand.size) };
    case "fixed":
      return { ...demand, size: into(demand.size) };
  }
}

/** An order without minus signs, and without a constant where one can go: `seq <= ctx` for `seq - 1 < ctx`. */
export function readable(operator: "<" | "<=", left: Dim, right: Dim): Condition {
  const plain = compare(operator, left, right);
  if (!/ [-+] /.test(printCondition(plain))) return plain;
  const room = subtract(right, left);
  const strict = signedParts(operator === "<" ? room : add(room, one));
  const loose = signedParts(operator === "<" ? subtract(room, one) : room);
  const [a, b] = [compare("<", strict.minus, strict.plus), compare("<=", loose.minus, loose.plus)];
  return printCondition(a).length < printCondition(b).length ? a : b;
}

/** Whether a demand is about numbers alone. */
export const isPlain = (dims: readonly Dim[]): boolean => dims.every((dim) => asConstant(dim) !== undefined);
