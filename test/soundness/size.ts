/**
 * Sizes as the generator knows them: expressions over named quantities. Two are the same where they agree on probing
 * values, a way that has nothing in common with the compiler's polynomials.
 */
export interface Quantity {
  readonly name: string;
  /** `config`: an entry of a config. `axis`: read off the inputs of a call. `variable`: of a block, bound by whoever uses it. */
  readonly role: "config" | "axis" | "variable";
  /** What each choice of it is a multiple of, and what it does not exceed. */
  readonly multipleOf: Size[];
  readonly atMost: Size[];
  atLeast: number;
  /** What the entry is where no config says otherwise. */
  readonly fallback: Size | undefined;
  /** Whether a weight is as long as it: then only a config may decide it. */
  fixed: boolean;
  readonly probes: readonly number[];
}

export type Operator = "+" | "-" | "*" | "/" | "//";

export type Size =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "quantity"; readonly quantity: Quantity }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Size; readonly right: Size };

export type Valuation = ReadonlyMap<Quantity, number>;

let made = 0;

export function createQuantity(name: string, role: Quantity["role"], fallback?: Size): Quantity {
  made++;
  // Irregular whole numbers: what agrees on three of them agrees everywhere, but for a chance of one in millions.
  const probes = [0, 1, 2].map((n) => 100 + (Math.imul(made * 3 + n, 2654435761) >>> 20));
  return { name, role, multipleOf: [], atMost: [], atLeast: 1, fallback, fixed: false, probes };
}

export const number = (value: number): Size => ({ kind: "number", value });
export const quantity = (of: Quantity): Size => ({ kind: "quantity", quantity: of });

export function combine(operator: Operator, left: Size, right: Size): Size {
  if (left.kind === "number" && right.kind === "number" && (operator === "+" || operator === "*"))
    return number(operator === "+" ? left.value + right.value : left.value * right.value);
  if (left.kind === "number" && right.kind === "number" && (operator === "-" || operator === "//"))
    return number(operator === "-" ? left.value - right.value : Math.floor(left.value / right.value));
  if (operator === "*" && left.kind === "number" && left.value === 1) return right;
  if ((operator === "+" || operator === "-") && right.kind === "number" && right.value === 0) return left;
  if ((operator === "*" || operator === "/") && right.kind === "number" && right.value === 1) return left;
  return { kind: "binary", operator, left, right };
}

export const product = (sizes: readonly Size[]): Size =>
  sizes.reduce((all, size) => combine("*", all, size), number(1));

export function evaluate(size: Size, of: (quantity: Quantity) => number): number {
  switch (size.kind) {
    case "number":
      return size.value;
    case "quantity":
      return of(size.quantity);
    case "binary": {
      const [a, b] = [evaluate(size.left, of), evaluate(size.right, of)];
      switch (size.operator) {
        case "+":
          return a + b;
        case "-":
          return a - b;
        case "*":
          return a * b;
        case "/":
          return a / b;
        case "//":
          return Math.floor(a / b);
      }
    }
  }
}

export const sizeUnder = (size: Size, valuation: Valuation): number => evaluate(size, (of) => valuation.get(of) ?? NaN);

/** `/` is exact wherever it stands, so that real quotients of probing values tell as much as whole ones. */
export function sameSize(a: Size, b: Size): boolean {
  return [0, 1, 2].every((n) => {
    const [x, y] = [a, b].map((size) => evaluate(size, ({ probes }) => probes[n] ?? NaN));
    return x !== undefined && y !== undefined && Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), 1);
  });
}

export function substitute(size: Size, by: ReadonlyMap<Quantity, Size>): Size {
  if (size.kind === "number") return size;
  if (size.kind === "quantity") return by.get(size.quantity) ?? size;
  return combine(size.operator, substitute(size.left, by), substitute(size.right, by));
}

export function quantitiesOf(size: Size): Quantity[] {
  if (size.kind === "number") return [];
  if (size.kind === "quantity") return [size.quantity];
  return [...quantitiesOf(size.left), ...quantitiesOf(size.right)];
}

/** The factors of a product, numbers as they stand. */
export function factorsOf(size: Size): Size[] {
  return size.kind === "binary" && size.operator === "*" ? [...factorsOf(size.left), ...factorsOf(size.right)] : [size];
}

/** As a `.tfm` file says it. */
export function print(size: Size): string {
  if (size.kind === "number") return String(size.value);
  if (size.kind === "quantity") return size.quantity.name;
  const isSum = size.operator === "+" || size.operator === "-";
  const left = isSum ? print(size.left) : factor(size.left);
  const right =
    size.right.kind === "binary" && (!isSum || size.operator === "-") ? `(${print(size.right)})` : print(size.right);
  return `${left} ${size.operator} ${right}`;
}

const factor = (size: Size): string =>
  size.kind === "binary" && (size.operator === "+" || size.operator === "-" || size.operator === "//")
    ? `(${print(size)})`
    : print(size);
