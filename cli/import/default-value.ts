import type { Expression, Model } from "./example-parts.js";

type Value = number | boolean;

/**
 * The entries that a config must give: those whose value is not what the model's own default comes to with them, so that
 * `ff = 4 * d` need not be said where it holds.
 */
export function entriesToGive(
  model: Model,
  entries: Readonly<Record<string, Value>>,
): [name: string, value: Value, real: boolean][] {
  const known = new Map<string, Value>();
  const stray = Object.keys(entries).find(
    (name) => !model.parameters.some((parameter) => parameter.name.name === name),
  );
  if (stray !== undefined) throw new Error(`${model.name.name} has no config entry ${stray}`);
  return model.parameters.flatMap(({ name: { name }, fallback }): [string, Value, boolean][] => {
    const usual = fallback && valueOf(fallback, known);
    const value = entries[name] ?? usual;
    if (value === undefined) throw new Error(`${model.name.name} needs ${name}`);
    known.set(name, value);
    const real = fallback?.kind === "number" && fallback.real;
    return value === usual ? [] : [[name, value, real]];
  });
}

/** A default that is a literal, an earlier entry, or arithmetic on these. */
function valueOf(expression: Expression, known: ReadonlyMap<string, Value>): Value | undefined {
  switch (expression.kind) {
    case "number":
    case "boolean":
      return expression.value;
    case "name":
      return known.get(expression.name);
    case "binary": {
      const left = valueOf(expression.left, known);
      const right = valueOf(expression.right, known);
      return typeof left === "number" && typeof right === "number"
        ? arithmetic(expression.operator, left, right)
        : undefined;
    }
    default:
      return undefined;
  }
}

function arithmetic(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "//":
      return Math.floor(left / right);
    default:
      return undefined;
  }
}
