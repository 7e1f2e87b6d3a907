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

/** Operations with a rule of their own in the checker. */
export interface SpecialPrimitive {
  readonly kind: "special";
  readonly name:
    | "dot" | "softmax" | "log_softmax" | "select" | "real" | "int" | "concat" | "stack" | "dropout" | "id" | "stop_gradient"; // prettier-ignore
  readonly doc: string;
}
