/** What kind of value an entry has, as far as its declaration tells. */
import type { Expression, Parameter } from "./example-parts.js";
import { isName, type Value } from "./value.js";

export type EntryKind = "whole" | "real" | "truth" | "text" | "function";

const kindsByType: Readonly<Record<string, EntryKind>> = {
  int: "whole",
  real: "real",
  bool: "truth",
  string: "text",
  fn: "function",
};

/** Undefined where the declaration does not tell: the checker will, of what was written. */
export function kindOf(
  { type, fallback }: Parameter,
  entry: (name: string) => Parameter | undefined,
): EntryKind | undefined {
  return type ? kindsByType[type.name.name] : fallback && kindOfExpression(fallback, entry);
}

function kindOfExpression(
  expression: Expression,
  entry: (name: string) => Parameter | undefined,
): EntryKind | undefined {
  switch (expression.kind) {
    case "number":
      return expression.real ? "real" : "whole";
    case "boolean":
      return "truth";
    case "string":
      return "text";
    case "name": {
      const other = entry(expression.name);
      return other ? kindOf(other, entry) : "function";
    }
    case "conditional":
      return kindOfExpression(expression.then, entry);
    case "binary": {
      if (!"+-*//%^".includes(expression.operator)) return "truth";
      const [left, right] = [expression.left, expression.right].map((side) => kindOfExpression(side, entry));
      return left === "real" || right === "real" ? "real" : left;
    }
    default:
      return undefined;
  }
}

export function isOfKind(value: Value, kind: EntryKind | undefined): boolean {
  switch (kind) {
    case "whole":
      return Number.isSafeInteger(value);
    case "real":
      return typeof value === "number";
    case "truth":
      return typeof value === "boolean";
    case "text":
      return typeof value === "string";
    case "function":
      return isName(value);
    case undefined:
      return true;
  }
}

export function describe(kind: EntryKind | undefined): string {
  switch (kind) {
    case "whole":
      return "a whole number";
    case "real":
      return "a number";
    case "truth":
      return "true or false";
    case "text":
      return "a text";
    default:
      return "another value";
  }
}
