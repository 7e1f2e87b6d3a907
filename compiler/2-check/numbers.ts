/** Expressions that are sizes: evaluated to polynomials over config entries and shape variables. */
import type { Expression } from "../../grammar/ast.js";
import { divides, printDim, quotient, type Condition, type Dim } from "../shapes/index.js";
import { evaluate } from "./expressions.js";
import { numberOf, originMarks } from "./decide.js";
import { factToAdd } from "./fact-to-add.js";
import { meet } from "./meet.js";
import type { Mend } from "./mend/mend.js";
import { anotherNumber } from "./mend/numbers.js";
import { report, type Scope } from "./scope.js";
import { printSize } from "./types.js";
import type { Span } from "../../grammar/ast.js";
import type { Mark } from "../diagnostics/problem.js";

/** The size an expression stands for, or undefined (reported) where it is none. */
export function evaluateDim(scope: Scope, expression: Expression): Dim | undefined {
  const meaning = evaluate(scope, expression);
  if (meaning.kind === "int") return meaning.dim;
  if (meaning.kind !== "unknown")
    report(scope, "T208", { expected: "a size", found: describe(meaning.kind) }, expression.span);
  return undefined;
}

/**
 * `a / b` on sizes: exact, so it must be proved; where only a config or a caller can tell, they will. Undefined (reported) where
 * the config's numbers do not divide.
 */
export function divideExactly(scope: Scope, dividend: Dim, divisor: Dim, span: Span, text: string): Dim | undefined {
  const { context } = scope;
  const isExact = meet(scope, { kind: "division", dividend, divisor }, span, (wanting) =>
    reportDivision(scope, dividend, divisor, span, text, wanting),
  );
  return isExact || context.mode === "definition" ? quotient(dividend, divisor, context.facts) : undefined;
}

function reportDivision(
  scope: Scope,
  dividend: Dim,
  divisor: Dim,
  span: Span,
  text: string,
  wanting: readonly Condition[],
): void {
  const whole = numberOf(scope.context, dividend);
  const parts = numberOf(scope.context, divisor);
  if (whole !== undefined && parts !== undefined)
    return reportIndivisible(scope, { dividend, divisor, whole, parts }, span, text);
  report(scope, "T201", { divisor: printDim(divisor), dividend: printDim(dividend) }, span, {
    label: "must be exact",
    ...factToAdd(scope, wanting),
  });
}

interface Division {
  readonly dividend: Dim;
  readonly divisor: Dim;
  readonly whole: number;
  readonly parts: number;
}

/** Blames the numbers where they entered, and says what would divide. */
function reportIndivisible(
  scope: Scope,
  { dividend, divisor, whole, parts }: Division,
  span: Span,
  text: string,
): void {
  const from = originMarks(scope, divisor, (name, value, kind) =>
    kind === "config" ? `${value} comes from here` : `${name} = ${value} is this default`,
  );
  const other = originMarks(scope, dividend, (name, value, kind) =>
    kind === "config" ? `${name} = ${value} comes from here` : `${value} is this default`,
  );
  // What a config changed is to blame before a default is.
  const isConfig = ({ label }: Mark): boolean => label?.endsWith("comes from here") === true;
  const [primary, ...rest] = [...from, ...other].sort((a, b) => Number(isConfig(b)) - Number(isConfig(a)));
  const mend = anotherNumber(scope, divides(divisor, dividend), primary);
  const options = primary && !from.includes(primary) ? undefined : divisorAdvice(whole, parts);
  report(scope, "T201", { divisor: printSize(divisor, parts), dividend: printSize(dividend, whole) }, primary ?? span, {
    secondary: rest,
    notes: [`\`${text}\` must be exact (${scope.file.name}:${scope.file.lineOf(span.start)})`],
    ...withOptions(mend, options),
  });
}

/** The nearest number that will do, and the others. */
export function withOptions(mend: Mend | undefined, options: string | undefined): Partial<Mend> {
  if (!mend) return options === undefined ? {} : { help: options };
  return { ...mend, help: options === undefined ? mend.help : `${mend.help} (${options})` };
}

/** What would divide `whole` instead of `wanted`: all divisors where they are few, else the nearest. */
export function divisorAdvice(whole: number, wanted: number): string | undefined {
  if (!Number.isSafeInteger(whole) || whole < 1 || whole > 1e9) return undefined;
  const all = new Set<number>();
  for (let n = 1; n * n <= whole; n++) if (whole % n === 0) all.add(n).add(whole / n);
  const inOrder = [...all].sort((a, b) => a - b);
  if (inOrder.length === 1) return "only 1 divides 1";
  if (inOrder.length <= 8) return `${listed(inOrder)} divide ${whole}`;
  const near = inOrder
    .filter((n) => n > 1)
    .sort((a, b) => Math.abs(Math.log(a / wanted)) - Math.abs(Math.log(b / wanted)));
  return `${listed(near.slice(0, 3).sort((a, b) => a - b))} divide ${whole}`;
}

export function listed(items: readonly (number | string)[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

export function describe(kind: string): string {
  const words: Record<string, string> = {
    tensor: "a tensor",
    int: "a whole number",
    real: "a real number",
    bool: "a truth value",
    text: "a string",
    function: "a function",
    lambda: "a mask or score",
    block: "a block",
    label: "a layer",
    settings: "the block's config",
    list: "a list",
    several: "several values",
  };
  return words[kind] ?? kind;
}
