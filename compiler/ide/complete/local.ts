import type { Head } from "./head.js";
import type { Want } from "./want.js";
import type { Below } from "./weights-below.js";

/** A name that a declaration gives. */
export interface Local {
  readonly name: string;
  readonly kind: "value" | "weight" | "input" | "entry" | "size" | "counter" | "label";
  /** A type as it is written or found: `f32[batch, seq, d]`, `fn`. Of an entry what it is; of a label what layer. */
  readonly type: string;
  readonly doc?: string | undefined;
  /** Of a label: what is below it. */
  readonly below?: Below | undefined;
}

/** The latest first: of one name that one is meant. */
export interface Locals {
  readonly head: Head;
  readonly all: readonly Local[];
  readonly labels: readonly Local[];
  /** What the declaration says of its one expression: that of a mask may speak of `q` and `k`. */
  readonly due?: Want;
}

export const local = (name: string, kind: Local["kind"], type: string, doc?: string): Local => ({
  name,
  kind,
  type,
  doc,
});

/** Kinds of entries as a signature has them. */
export const nameOfKind: Readonly<Record<string, string>> = {
  int: "int",
  real: "real",
  bool: "bool",
  text: "string",
  function: "fn",
  block: "block",
};
