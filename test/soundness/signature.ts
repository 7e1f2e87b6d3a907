/** What a caller knows of a block or function. */
import type { Quantity, Size } from "./size.js";

export type DType = "f32" | "i32" | "bool";

/** The label is "" where nothing names the axis, ".." for all that a signature leaves open. */
export interface Axis {
  readonly label: string;
  readonly size: Size;
}

export type Fact =
  | { readonly kind: "divides"; readonly divisor: Size; readonly dividend: Size }
  | { readonly kind: "at-most"; readonly small: Size; readonly large: Size };

export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly axes: readonly Axis[];
  readonly fallback?: string;
}

export interface Signature {
  readonly name: string;
  readonly kind: "block" | "function";
  readonly variables: readonly Quantity[];
  /** Sizes of its config; of a function, arguments of type int. */
  readonly entries: readonly Quantity[];
  readonly flags: readonly string[];
  readonly reals: readonly string[];
  readonly functions: readonly string[];
  /** Entries that are blocks. */
  readonly blocks: readonly string[];
  readonly inputs: readonly Port[];
  /** All real. */
  readonly results: readonly (readonly Axis[])[];
  readonly facts: readonly Fact[];
}
