/**
 * The operations that a `.tfm` file can name and that are not written in `.tfm` themselves. Each is data: its name, how
 * it is called, and what it does.
 */
import type { MapName, ReduceName } from "../ir/graph.js";

export type Primitive = ElementwisePrimitive | ReducePrimitive | SpecialPrimitive;

/** `f32`: real operands and result. `number`: f32 or i32, result of the same. `bool`: truth values. */
export type ElementKind = "f32" | "number" | "bool";

export interface ElementwisePrimitive {
  readonly kind: "elementwise";
  readonly name: string;
  readonly map: MapName;
  readonly arity: 1 | 2;
  readonly operand: ElementKind;
  /** The same function on compile-time numbers. */
  readonly onNumbers: (a: number, b: number) => number;
  readonly doc: string;
}

/** `mean[d](x)`; without a bracket, over all axes. */
export interface ReducePrimitive {
  readonly kind: "reduce";
  readonly name: string;
  readonly reduce: ReduceName;
  readonly doc: string;
}

/** What the name of a special primitive can be: the checker has a rule for each. */
export type SpecialName =
  | "dot" | "conv" | "softmax" | "log_softmax"
  | "select" | "real" | "int" | "dropout" | "id" | "stop_gradient"
  | "concat" | "stack" | "expand" | "full_like" | "range" | "one_hot"
  | "roll" | "cumsum" | "argsort" | "argmax"; // prettier-ignore

/** Operations with a rule of their own in the checker. */
export interface SpecialPrimitive {
  readonly kind: "special";
  readonly name: SpecialName;
  /** How it is called, as messages and documentation show it. */
  readonly usage: string;
  /** How many values it takes; `Infinity` stands for one or more. */
  readonly arity: number;
  /** Arguments that may be given by name. */
  readonly named: readonly string[];
  /** Whether its brackets may say how much: `roll[h: 1]`, `expand[n: 4]`. */
  readonly amounts: boolean;
  readonly doc: string;
}

export function special(
  name: SpecialName,
  usage: string,
  arity: number,
  doc: string,
  { named = [], amounts = false }: Partial<Pick<SpecialPrimitive, "named" | "amounts">> = {},
): SpecialPrimitive {
  return { kind: "special", name, usage, arity, named, amounts, doc };
}
