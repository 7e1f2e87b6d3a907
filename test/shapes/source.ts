/** A tiny evaluator of dim expressions as `.tfm` writes them, exact for quotients by keeping fractions. */

interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** The integer `source` means, or undefined if it is not one. Throws on text that is no dim expression. */
export function evaluateSource(source: string, values: ReadonlyMap<string, number>): number | undefined {
  const tokens = source.match(/\/\/|[a-z_]\w*|\d+|[-+*/^%(),]/g) ?? [];
  if (tokens.join("") !== source.replaceAll(" ", "")) throw new Error(`not a dim: ${source}`);
  let next = 0;
  const take = (...expected: string[]): string | undefined => {
    const token = tokens[next];
    if (token === undefined || !expected.includes(token)) return undefined;
    next++;
    return token;
  };
  const due = (token: string): void => {
    if (!take(token)) throw new Error(`${token} is due in ${source}`);
  };
  const sum = (): Fraction => {
    let left = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) {
      const right = product();
      const scaled = right.top * left.bottom * (sign === "+" ? 1n : -1n);
      left = { top: left.top * right.bottom + scaled, bottom: left.bottom * right.bottom };
    }
    return left;
  };
  const product = (): Fraction => {
    let left = unary();
    for (let operator = take("*", "/", "//", "%"); operator; operator = take("*", "/", "//", "%")) {
      const right = unary();
      const whole = left;
      left =
        operator === "*"
          ? { top: left.top * right.top, bottom: left.bottom * right.bottom }
          : { top: left.top * right.bottom, bottom: left.bottom * right.top };
      if (operator === "//" || operator === "%") left = { top: floor(left), bottom: 1n };
      if (operator === "%") left = minus(whole, { top: right.top * left.top, bottom: right.bottom });
    }
    return left;
  };
  const unary = (): Fraction => {
    if (take("-")) {
      const { top, bottom } = unary();
      return { top: -top, bottom };
    }
    const base = primary();
    if (!take("^")) return base;
    const { top } = unary();
    return { top: base.top ** top, bottom: base.bottom ** top };
  };
  const primary = (): Fraction => {
    if (take("(")) {
      const inside = sum();
      due(")");
      return inside;
    }
    const token = tokens[next++] ?? "";
    if (token === "min" || token === "max") {
      due("(");
      const operands = [sum()];
      while (take(",")) operands.push(sum());
      due(")");
      const less = (x: Fraction, y: Fraction): boolean => floor(minus(x, y)) < 0n;
      return operands.reduce((best, x) => ((token === "min" ? less(x, best) : less(best, x)) ? x : best));
    }
    if (/^\d/.test(token)) return { top: BigInt(token), bottom: 1n };
    const value = values.get(token);
    if (value === undefined) throw new Error(`unknown ${token} in ${source}`);
    return { top: BigInt(value), bottom: 1n };
  };
  const { top, bottom } = sum();
  if (next !== tokens.length) throw new Error(`left over in ${source}`);
  return bottom !== 0n && top % bottom === 0n ? Number(top / bottom) : undefined;
}

function minus(x: Fraction, y: Fraction): Fraction {
  return { top: x.top * y.bottom - y.top * x.bottom, bottom: x.bottom * y.bottom };
}

function floor({ top, bottom }: Fraction): bigint {
  const quotient = top / bottom;
  return top % bottom !== 0n && top < 0n !== bottom < 0n ? quotient - 1n : quotient;
}
