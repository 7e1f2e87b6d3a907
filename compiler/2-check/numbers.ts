/** Expressions that are sizes: evaluated to polynomials over config entries and shape variables. */
import type { Expression } from "../../grammar/ast.js";
import { atomsOf, constant, divides, printDim, quotient, type Dim } from "../shapes/index.js";
import { evaluate } from "./expressions.js";
import { decide, canWait, numberOf, originMarks } from "./decide.js";
import { report, type Scope } from "./scope.js";
import type { Span } from "../../grammar/ast.js";

/** The size an expression stands for, or undefined (reported) where it is none. */
export function evaluateDim(scope: Scope, expression: Expression): Dim | undefined {
  const meaning = evaluate(scope, expression);
  if (meaning.kind === "int") return meaning.dim;
  if (meaning.kind !== "unknown")
    report(scope, "T208", { expected: "a size", found: describe(meaning.kind) }, expression.span);
  return undefined;
}

/** `a / b` on sizes: exact, so it must be proved; where only a config can tell, each config will. */
export function divideExactly(scope: Scope, dividend: Dim, divisor: Dim, span: Span, text: string): Dim {
  const { context } = scope;
  const exact = divides(divisor, dividend);
  if (decide(context, exact) !== "yes" && !canWait(context, [...atomsOf(dividend), ...atomsOf(divisor)])) {
    const whole = numberOf(context, dividend);
    const parts = numberOf(context, divisor);
    if (whole !== undefined && parts !== undefined) {
      reportIndivisible(scope, { dividend, divisor, whole, parts }, span, text);
    } else {
      const help = `add \`where ${printDim(dividend)} % ${printDim(divisor)} == 0\``;
      report(scope, "T201", { divisor: printDim(divisor), dividend: printDim(dividend) }, span, {
        label: "must be exact",
        help,
      });
    }
    return constant(1);
  }
  return quotient(dividend, divisor, context.facts);
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
  const [primary, ...rest] = [...from, ...other];
  const options = divisorAdvice(whole, parts);
  report(
    scope,
    "T201",
    { divisor: `${printDim(divisor)} = ${parts}`, dividend: `${printDim(dividend)} = ${whole}` },
    primary ?? span,
    {
      secondary: rest,
      notes: [`\`${text}\` must be exact (${scope.file.name}:${lineOf(scope.file.text, span.start)})`],
      ...(options !== undefined && { help: options }),
    },
  );
}

export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** What would divide `whole` instead of `wanted`: all divisors where they are few, else the nearest. */
export function divisorAdvice(whole: number, wanted: number): string | undefined {
  if (!Number.isSafeInteger(whole) || whole < 1 || whole > 1e9) return undefined;
  const all = new Set<number>();
  for (let n = 1; n * n <= whole; n++) if (whole % n === 0) all.add(n).add(whole / n);
  const inOrder = [...all].sort((a, b) => a - b);
  if (inOrder.length <= 8)
    return `use ${inOrder.length === 1 ? "1" : `${inOrder.slice(0, -1).join(", ")} or ${inOrder.at(-1)}`}`;
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
  };
  return words[kind] ?? kind;
}
