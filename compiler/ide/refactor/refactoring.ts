import type { Edit } from "../../diagnostics/edit.js";
import type { Selected } from "./place.js";

/** A change that a selection allows; undefined where it does not. */
export type Refactoring = (selected: Selected) => Refactored | undefined;

export interface Refactored {
  /** What it does, as an order. */
  readonly title: string;
  readonly edits: readonly Edit[];
}
