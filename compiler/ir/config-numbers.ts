import type { Atom } from "../shapes/index.js";
import type { ConfigEntry } from "./graph.js";

/** The numbers that a config gives its symbols. */
export function configNumbers(entries: readonly ConfigEntry[]): Map<Atom, number> {
  return new Map(entries.flatMap(({ atom, value }) => (atom && typeof value === "number" ? [[atom, value]] : [])));
}
