/** Whether all names mean after a renaming what they meant before. */
import { occurrencesIn } from "../names/occurrences.js";
import type { Occurrence, Symbol } from "../names/symbol.js";
import type { Snapshot } from "../snapshot.js";

export interface Differs {
  /** What a name meant, and what it would mean. */
  readonly before: Symbol | undefined;
  readonly after: Symbol | undefined;
}

/** The first place where two snapshots of one text, but for names, do not agree on which names are one. */
export function differenceOf(before: Snapshot, after: Snapshot): Differs | undefined {
  const there = new Map<string, string>();
  const back = new Map<string, string>();
  const agrees = (known: Map<string, string>, from: string, to: string): boolean => {
    if (!known.has(from)) known.set(from, to);
    return known.get(from) === to;
  };
  for (const file of before.program.files.keys()) {
    const [old, now] = [inOrder(before, file), inOrder(after, file)];
    for (let n = 0; n < Math.max(old.length, now.length); n++) {
      const [a, b] = [old[n]?.symbol, now[n]?.symbol];
      if (a && b && agrees(there, a.key, b.key) && agrees(back, b.key, a.key)) continue;
      return { before: a, after: b };
    }
  }
  return undefined;
}

/** A pun and what it becomes when it is taken apart name the entry first, then its value. */
function inOrder(snapshot: Snapshot, file: string): readonly Occurrence[] {
  const rank = ({ pun }: Occurrence): number => (pun === "value" ? 1 : 0);
  return [...occurrencesIn(snapshot, file)].sort((a, b) => a.span.start - b.span.start || rank(a) - rank(b));
}
