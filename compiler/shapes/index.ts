/** The algebra of symbolic dimensions: dims, conditions on them, what is known, and questions. */
export { atom, type Atom } from "./atom.js";
export {
  add,
  asAtom,
  asBigint,
  asConstant,
  atomsOf,
  constant,
  dimKey,
  isOpaque,
  multiply,
  negate,
  one,
  power,
  sameDim,
  signedParts,
  subtract,
  variable,
  zero,
  type Dim,
} from "./dim.js";
export { ceilDivide, floorDivide, modulo } from "./floor.js";
export { maximum, minimum } from "./extremum.js";
export { substitute } from "./substitute.js";
export { evaluate, evaluateExactly } from "./evaluate.js";
export { printDim, renderDim, sourceStyle, typescriptStyle, type DimStyle } from "./render.js";
export {
  always,
  and,
  atomsOfCondition,
  compare,
  conditionKey,
  dimsOf,
  divides,
  evaluateCondition,
  flag,
  never,
  not,
  or,
  printCondition,
  substituteCondition,
  type ComparisonOperator,
  type Condition,
} from "./condition.js";
export { assume, noFacts, normalise, type Facts } from "./facts.js";
export { createRecent, type Recent } from "./recent.js";
export { quotient } from "./quotient.js";
export { ask, askDivides, askEqual, possible, type Answer, type Hints } from "./ask.js";
export type { Valuation } from "./witness.js";
