/** Changes of a text that keep what it means, or add what it lacks. */
import type { Span } from "../../../grammar/ast.js";
import type { Snapshot } from "../snapshot.js";
import { addConfig } from "./add-config.js";
import { extractValue } from "./extract-value.js";
import { nameLayer } from "./name-layer.js";
import { foldPun, unfoldPun } from "./pun.js";
import { selectedAt } from "./place.js";
import type { Refactored, Refactoring } from "./refactoring.js";

/** In the order in which they are offered. */
const all: readonly Refactoring[] = [extractValue, nameLayer, foldPun, unfoldPun, addConfig];

export function refactorings(snapshot: Snapshot, file: string, range: Span): Refactored[] {
  const selected = selectedAt(snapshot, file, range);
  return selected ? all.flatMap((refactoring) => refactoring(selected) ?? []) : [];
}
