import { parsePattern } from "./pattern.js";

/** A rearrangement as tfjs does it: reshape to `split`, transpose by `order`, reshape to `shape`. */
export interface Plan {
  readonly split: readonly number[];
  /** Absent where the numbers stay in place. */
  readonly order?: readonly number[];
  readonly shape: readonly number[];
}

/**
 * Neighbouring axes that stay neighbours are moved as one and axes of one entry are left out, since backends transpose
 * at most six axes and are faster with fewer.
 *
 * @throws Error if the shape does not fit the pattern.
 */
export function planRearrange(text: string, shape: readonly number[], sizes: Readonly<Record<string, number>>): Plan {
  const pattern = parsePattern(text);
  const extra = shape.length - pattern.from.length;
  if (pattern.rest ? extra < 0 : extra !== 0) {
    throw new Error(`rearrange "${text}": [${shape.join(", ")}] has ${shape.length} axes`);
  }
  const leading = shape.slice(0, extra);
  const known = new Map<string, number>();
  pattern.from.forEach((names, axis) => {
    sizesOfGroup(text, names, shape[extra + axis] ?? 1, sizes).forEach((size, name) => known.set(name, size));
  });
  const sizeOf = (name: string): number => known.get(name) ?? 1;

  const before = pattern.from.flat().filter((name) => sizeOf(name) !== 1);
  const after = pattern.to.flat().filter((name) => sizeOf(name) !== 1);
  const runs = splitIntoRuns(before, after);
  const order = inOrder(runs, after);
  const product = (names: readonly string[]): number => names.reduce((size, name) => size * sizeOf(name), 1);
  const lead = leading.reduce((size, axis) => size * axis, 1);
  return {
    split: [lead, ...runs.map(product)],
    ...(order.some((run, index) => run !== index) && { order: [0, ...order.map((run) => run + 1)] }),
    shape: [...leading, ...pattern.to.map(product)],
  };
}

function sizesOfGroup(
  text: string,
  names: readonly string[],
  whole: number,
  sizes: Readonly<Record<string, number>>,
): Map<string, number> {
  const unknown = names.filter((name) => sizes[name] === undefined);
  const given = names.reduce((size, name) => size * (sizes[name] ?? 1), 1);
  const [free] = unknown;
  if (unknown.length > 1) throw new Error(`rearrange "${text}": the sizes of ${unknown.join(" and ")} are not given`);
  if (free === undefined ? given !== whole : whole % given !== 0) {
    throw new Error(`rearrange "${text}": an axis of ${whole} does not split into (${names.join(" ")})`);
  }
  return new Map(names.map((name) => [name, sizes[name] ?? whole / given]));
}

/** `before`, cut wherever two neighbours are no neighbours in `after`. */
function splitIntoRuns(before: readonly string[], after: readonly string[]): string[][] {
  const runs: string[][] = [];
  for (const name of before) {
    const run = runs.at(-1);
    const previous = run?.at(-1);
    if (run && previous !== undefined && after.indexOf(previous) + 1 === after.indexOf(name)) run.push(name);
    else runs.push([name]);
  }
  return runs;
}

/** The indices of the runs, as they follow one another in `after`. */
function inOrder(runs: readonly (readonly string[])[], after: readonly string[]): number[] {
  const place = (run: number): number => after.indexOf(runs[run]?.[0] ?? "");
  return runs.map((_, run) => run).sort((left, right) => place(left) - place(right));
}
