/**
 * Patterns such as `"batch seq (heads c) -> batch heads seq c"`: axes split by name, moved, and merged. `1` is an axis of
 * one entry that comes or goes; `..` is any number of leading, unnamed axes, kept as they are.
 */
export interface Pattern {
  /** Names of each axis before and after, innermost last; an empty group is an axis of one entry. */
  readonly from: readonly (readonly string[])[];
  readonly to: readonly (readonly string[])[];
  readonly rest: boolean;
}

const parsed = new Map<string, Pattern>();

/** @throws Error if the pattern is malformed; the compiler writes patterns, so that is its mistake. */
export function parsePattern(text: string): Pattern {
  const known = parsed.get(text);
  if (known) return known;
  const sides = text.split("->").map(parseSide);
  const [from, to] = sides;
  if (!from || !to || sides.length !== 2) throw new Error(`rearrange "${text}": one -> is due`);
  if (from.rest !== to.rest) throw new Error(`rearrange "${text}": .. stands on one side alone`);
  const [before, after] = [from.groups.flat(), to.groups.flat()];
  if (new Set(before).size !== before.length) throw new Error(`rearrange "${text}": an axis stands twice`);
  if ([...before].sort().join(" ") !== [...after].sort().join(" ")) {
    throw new Error(`rearrange "${text}": the axes differ`);
  }
  const pattern = { from: from.groups, to: to.groups, rest: from.rest };
  parsed.set(text, pattern);
  return pattern;
}

function parseSide(side: string): { groups: string[][]; rest: boolean } {
  const tokens = side.match(/\.\.|[()]|[A-Za-z_]\w*|1|\S/g) ?? [];
  const groups: string[][] = [];
  let group: string[] | undefined;
  let rest = false;
  for (const [index, token] of tokens.entries()) {
    if (token === ".." && index === 0) rest = true;
    else if (token === "(" && !group) groups.push((group = []));
    else if (token === ")" && group) group = undefined;
    else if (token === "1") {
      if (!group) groups.push([]);
    } else if (/^[A-Za-z_]/.test(token)) {
      if (group) group.push(token);
      else groups.push([token]);
    } else throw new Error(`rearrange: "${token}" in "${side.trim()}"`);
  }
  if (group) throw new Error(`rearrange: ( is not closed in "${side.trim()}"`);
  return { groups, rest };
}
