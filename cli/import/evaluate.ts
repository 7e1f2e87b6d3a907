/** What an expression of a `config` or `expect` rule comes to for one checkpoint. */
import type { Expression } from "./example-parts.js";
import { isObject, type Json } from "./json.js";
import { isSame, type Value } from "./value.js";
import { fromJson } from "./value.js";

/** A value with the field that it is; null where the file says null. */
export interface Read {
  readonly value: Value | null;
  /** The field's path, where the value is one as it stands. */
  readonly path?: string;
  /** Whether these are several values, which are to be one in the end. */
  readonly isSlice?: boolean;
}

export interface Meanings {
  /** What a path leads to. */
  readonly field: (
    path: string,
  ) => { readonly path: string; readonly value: Json; readonly isSlice: boolean } | undefined;
  /** What an entry comes to; a name that is no entry is a function's. */
  readonly name: (name: string) => Value | undefined;
}

/** Undefined where a field that it needs is absent, or where it is nothing that can be computed here. */
export function evaluate(expression: Expression, meanings: Meanings): Read | undefined {
  switch (expression.kind) {
    case "number":
    case "boolean":
      return { value: expression.value };
    case "string":
      return readField(expression.value, meanings);
    case "name":
      return known(meanings.name(expression.name));
    case "list":
      return list(expression.items.map((item) => evaluate(item, meanings)?.value));
    case "unary": {
      const value = evaluate(expression.operand, meanings)?.value;
      if (expression.operator === "!") return typeof value === "boolean" ? { value: !value } : undefined;
      return typeof value === "number" ? { value: -value } : undefined;
    }
    case "conditional": {
      const condition = evaluate(expression.condition, meanings)?.value;
      if (typeof condition !== "boolean") return undefined;
      return evaluate(condition ? expression.then : expression.otherwise, meanings);
    }
    case "binary": {
      const left = evaluate(expression.left, meanings);
      if (expression.operator === "|") return firstOf(left, () => evaluate(expression.right, meanings));
      const right = evaluate(expression.right, meanings);
      return known(left && right && combined(expression.operator, left.value, right.value));
    }
    case "call":
      return expression.callee.kind === "name" && expression.callee.name === "count"
        ? countOf(expression.arguments[0]?.value, meanings)
        : undefined;
    default:
      return undefined;
  }
}

const known = (value: Value | undefined): Read | undefined => (value === undefined ? undefined : { value });

function readField(path: string, { field }: Meanings): Read | undefined {
  const found = field(path);
  const value = found && fromJson(found.value);
  if (!found || value === undefined || (found.isSlice && isSame(value, []))) return undefined;
  return { value, path: found.path, isSlice: found.isSlice };
}

/** `a | b`: the first that is there; of truth values, whether one holds. */
function firstOf(left: Read | undefined, other: () => Read | undefined): Read | undefined {
  if (left && left.value !== null && (left.value !== false || left.path !== undefined)) return left;
  return other() ?? left;
}

function list(items: readonly (Value | null | undefined)[]): Read | undefined {
  const there = items.filter((item) => item !== null && item !== undefined);
  return there.length === items.length ? { value: there } : undefined;
}

/** `count("id2label")`: how many items a list or an object has. */
function countOf(of: Expression | undefined, { field }: Meanings): Read | undefined {
  const value = of?.kind === "string" ? field(of.value)?.value : undefined;
  if (Array.isArray(value)) return { value: value.length };
  return isObject(value) ? { value: Object.keys(value).length } : undefined;
}

function combined(operator: string, left: Value | null, right: Value | null): Value | undefined {
  if (operator === "==") return isSame(left, right);
  if (operator === "!=") return !isSame(left, right);
  if (operator === "&") return typeof left === "boolean" && typeof right === "boolean" ? left && right : undefined;
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  return operators[operator]?.(left, right);
}

const operators: Readonly<Record<string, (left: number, right: number) => Value>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "//": (left, right) => Math.floor(left / right),
  "%": (left, right) => left - right * Math.floor(left / right),
  "^": (left, right) => left ** right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};
