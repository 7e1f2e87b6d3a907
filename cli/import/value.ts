import type { Json } from "./json.js";

/** What an entry of a config can be: a number, a text, ..., a function by its name, or a list of these. */
export type Value = number | boolean | string | Name | readonly Value[];

/** A name of the language: `gelu_tanh`. */
export interface Name {
  readonly name: string;
}

export const isName = (value: Value | null): value is Name =>
  typeof value === "object" && value !== null && "name" in value;

export const isList = (value: Value | null): value is readonly Value[] => Array.isArray(value);

export function isSame(a: Value | null | undefined, b: Value | null | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A value of JSON as one of ours; undefined for an object, and for a list that holds null. */
export function fromJson(value: Json): Value | null | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item: Json) => fromJson(item) ?? undefined);
  return items.every((item) => item !== undefined) ? items : undefined;
}

/** As the language writes it; where a real number is due, with a point or an exponent. */
export function written(value: Value, isReal: boolean): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return isReal || !Number.isInteger(value) ? realText(value) : String(value);
  return isName(value) ? value.name : `[${value.map((item) => written(item, isReal)).join(", ")}]`;
}

function realText(value: number): string {
  const short = value.toExponential().replace("e+", "e");
  const plain = Number.isInteger(value) ? `${value}.0` : String(value);
  return short.length < plain.length ? short : plain;
}
