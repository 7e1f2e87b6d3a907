/** Longer names than this are not misspelt, they are something else; and comparing them takes time. */
const longestName = 100;

/** Of more names than this the first are compared. */
const mostCandidates = 20_000;

/**
 * The candidate that a misspelt name most likely meant, if any is near: wrong case, words in another order, a few letters
 * added, left out, changed or swapped (about one in three may differ), or words before it that say no more
 * (`num_attention_heads` for `heads`). The first of equally near ones wins.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > longestName) return undefined;
  let best: string | undefined;
  let least = Infinity;
  let left = mostCandidates;
  for (const candidate of candidates) {
    if (left-- === 0) break;
    if (candidate === name || candidate.length > longestName) continue;
    const allowed = Math.floor((Math.max(name.length, candidate.length) + 1) / 3);
    if (candidate.length - name.length > allowed) continue;
    const distance = distanceOf(name, candidate, allowed);
    if (distance <= allowed && distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Other libraries count in the name: `n_head`, `num_heads`. */
const counting = /^(n|num|number_of)_(?=\w)/;

/** Infinity where it is surely more than `limit`. */
function distanceOf(name: string, candidate: string, limit: number): number {
  const lower = name.toLowerCase().replace(counting, "");
  const other = candidate.toLowerCase();
  // Nearer than any misspelling; not the length-scaled threshold but the meaning decides, so short names count too.
  if (lower === other) return 0;
  if (lower.includes("_") && lower.length === other.length && wordsOf(lower) === wordsOf(other)) return 0.5;
  if (other.length > 2 && lower.endsWith(`_${other}`)) return 0.75;
  return editDistance(lower, other, limit);
}

/** The words of `kv_heads` in a fixed order. */
function wordsOf(name: string): string {
  return name.split("_").sort().join("_");
}

/**
 * How many letters to add, leave out, change, or swap with their neighbour, to make one name of the other
 * (Damerau 1964; each letter is touched once, the "optimal string alignment").
 */
function editDistance(from: string, to: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const current = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = at(previous, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      let least = Math.min(changed, at(previous, j) + 1, at(current, j - 1) + 1);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        least = Math.min(least, at(beforePrevious, j - 2) + 1);
      }
      current.push(least);
    }
    // Each row grows from the two before it.
    if (Math.min(...current) > limit && Math.min(...previous) > limit) return Infinity;
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
