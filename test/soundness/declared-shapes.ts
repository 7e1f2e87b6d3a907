/** What a program's text says of its results, read without the compiler's own understanding of sizes. */
import { parse } from "tfmc";
import type { Expression, Type } from "../../grammar/ast.js";

/** The shapes that each task's signature promises (or the model's, where there is no task), `?` where a size is no plain arithmetic. */
export function declaredShapes(text: string, numbers: ReadonlyMap<string, number>): ReadonlyMap<string, string[]> {
  const shapes = new Map<string, string[]>();
  for (const declaration of parse(text).file.declarations) {
    const isModel = declaration.kind === "block" && declaration.keyword === "model";
    if (!isModel && declaration.kind !== "task") continue;
    const name = isModel ? declaration.name.name.toLowerCase() : declaration.name.name;
    shapes.set(
      name,
      declaration.results.map((type) => shapeOf(type, numbers)),
    );
  }
  return shapes;
}

const shapeOf = ({ axes }: Type, numbers: ReadonlyMap<string, number>): string =>
  (axes ?? []).map((axis) => (axis.kind === "rest" ? "?" : (sizeOf(axis.dim, numbers) ?? "?"))).join();

function sizeOf(expression: Expression, numbers: ReadonlyMap<string, number>): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "name") return expression.name === "batch" ? 2 : numbers.get(expression.name);
  if (expression.kind !== "binary") return undefined;
  const [a, b] = [sizeOf(expression.left, numbers), sizeOf(expression.right, numbers)];
  if (a === undefined || b === undefined) return undefined;
  const results: Readonly<Partial<Record<typeof expression.operator, number>>> = {
    "+": a + b,
    "-": a - b,
    "*": a * b,
    "/": a / b,
    "//": Math.floor(a / b),
    "%": a % b,
  };
  return results[expression.operator];
}

/** Whether a shape is the promised one, as far as that is known. */
export function isAsDeclared(shape: readonly number[], declared: string | undefined): boolean {
  if (declared === undefined) return true;
  const due = declared === "" ? [] : declared.split(",");
  return due.length === shape.length && due.every((size, n) => size === "?" || size === String(shape[n]));
}
