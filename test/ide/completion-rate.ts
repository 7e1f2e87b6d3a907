/** How often the name that stands in a text is among what is offered there. */
import { complete, occurrencesIn, openProject, type Snapshot } from "../../compiler/ide/index.js";
import type { Span } from "../../grammar/ast.js";
import { cursor } from "./drawn.js";

export interface Rate {
  readonly asked: number;
  /** The lines of those that were not, with the cursor. */
  readonly missed: readonly string[];
}

/** `whole`: the text as it is. `without`: the name is not there yet. `before`: nor is the rest of its line. */
export type Written = "whole" | "without" | "before";

/** Every `step`-th name that is not declared where it stands. */
export function rateOf(text: string, written: Written, step: number): Rate {
  let now = text;
  const project = openProject(() => now);
  const look = (): Snapshot => {
    const snapshot = project.look("main.tfm");
    if (!snapshot) throw new Error("the text cannot be read");
    return snapshot;
  };
  const used = usesIn(look()).filter((_, n) => n % step === 0);
  const missed = used.flatMap(({ start, end }) => {
    const name = text.slice(start, end);
    const lineEnd = text.indexOf("\n", end);
    const rest = written === "whole" ? start : written === "without" ? end : lineEnd;
    now = text.slice(0, start) + text.slice(rest);
    const offset = written === "whole" ? end : start;
    const items = complete(look(), "main.tfm", offset)?.items ?? [];
    if (items.some(({ label }) => label === name || label === `${name}:`)) return [];
    const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
    return [`${line.trim()}${cursor}${text.slice(start, lineEnd)}`];
  });
  return { asked: used.length, missed };
}

/** Where names stand that were declared elsewhere; axes may be declared wherever they stand. */
function usesIn(snapshot: Snapshot): Span[] {
  const all = occurrencesIn(snapshot, "main.tfm");
  const made = new Set(all.filter(({ role }) => role === "declares").map(({ span }) => span.start));
  const spans = new Map(all.map(({ span }) => [span.start, span]));
  return [...spans.values()].filter(({ start }) => !made.has(start));
}
