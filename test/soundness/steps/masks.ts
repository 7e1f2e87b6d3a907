/** Masks and scores: index expressions over positions, heads and captured tensors. */
import { configSizes, cover, fitsWithin, fix, fresh, freshLabel, isNamed, pickTensor, type Axis, type Draft } from "../draft.js"; // prettier-ignore
import { print, sameSize, type Size } from "../size.js";
import { bracketed, establish } from "../facts.js";

export interface Scores {
  /** Axes of the scores before `i` and `j`. */
  readonly front: readonly Axis[];
  readonly i: Axis;
  readonly j: Axis;
  /** What the keys' axis is called where it comes from. */
  readonly keyLabel: string;
  /** Whether queries and keys are one sequence. */
  readonly self: boolean;
  readonly heads: Size | undefined;
  readonly hasHead: boolean;
}

export function mask(draft: Draft, scores: Scores): string {
  const { random } = draft;
  const parts = [0, 1, 2].slice(0, 1 + random.below(3)).map(() => simpleMask(draft, scores));
  if (parts.length > 1) cover(draft, "mask algebra");
  return parts.reduce((all, part) => `${all} ${random.pick(["&", "|"])} ${part}`);
}

function simpleMask(draft: Draft, scores: Scores): string {
  const { random, world } = draft;
  const n = 1 + random.below(4);
  const forms: (() => string)[] = [
    () => "causal",
    () => `window(${n})`,
    () => `q - k < ${n}`,
    () => `k < ${n}`,
    () => `(q - k) % ${n} == 0`,
    () => `q // ${n} == k // ${n}`,
    () => `!(k == q)`,
    () => `band(${n}, 1)`,
    () => `prefix(${n})`,
    () => `strided(${n})`,
    () => `fixed(${n + 1}, 1)`,
    () => `dilated(${n}, 2)`,
    () => `${random.pick(["row", "column"])}(${n})`,
    () => `(if q < ${n} then k <= q else k > ${n})`,
  ];
  if (scores.hasHead) forms.push(() => `(head % 2 == 0)`);
  const own = world.declarations.flatMap((text) => /^mask (\w+)/.exec(text)?.[1] ?? []);
  if (own.length > 0) forms.push(() => ownMask(draft, random.pick(own), n));
  const captured = random.chance(0.4) ? capturedMask(draft, scores) : undefined;
  if (captured !== undefined) return captured;
  cover(draft, "mask");
  return random.pick(forms)();
}

function ownMask(draft: Draft, name: string, n: number): string {
  cover(draft, "mask of one's own");
  return `${name}(${n})`;
}

/** `keep[src: k]`: one truth value for each key. */
function capturedMask(draft: Draft, { front, j, keyLabel }: Scores): string | undefined {
  const keep = pickTensor(
    draft,
    ({ dtype, axes, text }) =>
      dtype === "bool" &&
      /^\w+$/.test(text) &&
      axes.every((axis) => axis.label !== "") &&
      axes.some(({ label, size }) => label === keyLabel && isNamed({ label, size }) && sameSize(size, j.size)) &&
      fitsWithin(axes.filter(({ label }) => label !== keyLabel), front), // prettier-ignore
  );
  if (!keep) return undefined;
  cover(draft, "captured mask");
  return `${keep.text}[${keyLabel}: k]`;
}

export function score(draft: Draft, scores: Scores): string {
  const { random } = draft;
  const forms: (() => string)[] = [
    () => "s",
    () => "s * 0.5",
    () => "s |> softcap(5.0)",
    () => "s - 0.1 * real(abs(q - k))",
    () => "if q == k then s + 1.0 else s",
    () => "tanh(s)",
  ];
  if (scores.hasHead)
    forms.push(
      () => "s - 0.2 * real(head) * real(abs(q - k))",
      () => "s |> alibi(4)",
    );
  const table = random.chance(0.5) ? relativeTable(draft, scores) : undefined;
  if (table) {
    cover(draft, "relative table");
    const { name, rows } = table;
    return `s + ${name}[q - k + ${bracketed(rows)} - 1, head]`;
  }
  const bias = random.chance(0.4) ? capturedScore(draft, scores) : undefined;
  if (bias !== undefined) return bias;
  cover(draft, "score");
  return random.pick(forms)();
}

/** `s + bias[src: k]`. */
function capturedScore(draft: Draft, { front, j, keyLabel }: Scores): string | undefined {
  const bias = pickTensor(
    draft,
    ({ dtype, axes, text }) =>
      dtype === "f32" &&
      /^\w+$/.test(text) &&
      axes.every((axis) => axis.label !== "") &&
      axes.some(({ label, size }) => label === keyLabel && isNamed({ label, size }) && sameSize(size, j.size)) &&
      fitsWithin(axes.filter(({ label }) => label !== keyLabel), front), // prettier-ignore
  );
  if (!bias) return undefined;
  cover(draft, "captured score");
  return `s + ${bias.text}[${keyLabel}: k]`;
}

/** A table of biases by offset, for queries and keys of one length. */
function relativeTable(draft: Draft, { i, j, self, heads, hasHead }: Scores): { name: string; rows: Size } | undefined {
  // prettier-ignore
  if (!self || !hasHead || !heads || draft.depth > 0 || draft.kind === "function" || draft.kind === "task") return undefined; // prettier-ignore
  const rows = draft.random.pick([i.size, ...configSizes(draft)]);
  if (!sameSize(i.size, j.size) || !fix(rows) || !fix(heads)) return undefined;
  if (!establish(draft, { kind: "at-most", small: i.size, large: rows })) return undefined;
  const name = fresh(draft, "relative");
  const [offset, head] = [freshLabel(draft), freshLabel(draft)];
  draft.lines.push(`param ${name}: f32[${offset}: 2 * ${bracketed(rows)} - 1, ${head}: ${print(heads)}] = normal(0.5)`);
  return { name, rows };
}
