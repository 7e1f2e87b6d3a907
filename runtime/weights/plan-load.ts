/** What is read from which file for which weight, settled from the headers alone. */
import type { Bytes } from "../platform/platform.js";
import { codeShape, scaleName, scaleShape } from "./compress/stored.js";
import { leavesOf, type Leaf, type Parameters } from "./parameters.js";
import { matcher, variantsOf } from "./patterns.js";
import { isFloat } from "./safetensors/dtype.js";
import { readHeader, type TensorEntry } from "./safetensors/header.js";
import { layoutOf, type Layout } from "./layout.js";

export interface LoadOptions {
  /** Names may stand in the file with or without one of these in front. */
  readonly prefixes?: readonly string[];
  /** Names that may be in the file and are of no use; `*` is anything, `{i}` a number. */
  readonly ignore?: readonly string[];
  /** Names that are of no use either, but kept, to be saved again with the weights. */
  readonly carry?: readonly string[];
}

export interface LoadPlan {
  /** In the order of the files' bytes. */
  readonly readings: readonly Reading[];
  readonly carried: readonly Place[];
}

/** One tensor of a file and the weights that are cut from it. */
export interface Reading {
  readonly file: Bytes;
  readonly entry: TensorEntry;
  readonly parts: { readonly leaf: Leaf; readonly layout: Layout }[];
  /** Where the entry holds codes: their scales. */
  readonly scales: Place | undefined;
}

export interface Place {
  readonly file: Bytes;
  readonly entry: TensorEntry;
}

/** @throws Error that lists what is wrong: weights without a tensor, tensors without a weight, shapes that differ.
 */
export async function planLoad(
  parameters: Parameters,
  files: readonly Bytes[],
  { prefixes = [], ignore = [], carry = [] }: LoadOptions,
): Promise<LoadPlan> {
  const places = await placesOf(files);
  const problems: string[] = [];
  const readings = new Map<string, Reading>();
  for (const leaf of leavesOf(parameters)) {
    const layout = layoutOf(leaf);
    const place = find(places, layout.names, prefixes);
    if (!place) {
      const where = files.map(({ name }) => name).join(", ");
      problems.push(
        `${leaf.address} is missing: ${where} has no "${layout.names.join(`" or "`)}"${nearest(places, layout)}`,
      );
      continue;
    }
    const scales = isFloat(place.entry.dtype) ? undefined : places.get(scaleName(place.entry.name));
    const problem = misfit(leaf, layout, place, scales);
    if (problem) problems.push(problem);
    const reading = readings.get(place.entry.name) ?? { ...place, parts: [], scales };
    reading.parts.push({ leaf, layout });
    readings.set(place.entry.name, reading);
  }

  const [ignored, kept] = [ignore.map(matcher), carry.map(matcher)];
  const carried: Place[] = [];
  const scales = new Set([...readings.values()].flatMap((reading) => reading.scales?.entry.name ?? []));
  for (const [name, { file, entry }] of places) {
    if (readings.has(name) || scales.has(name)) continue;
    const isOf = (matchers: readonly ReturnType<typeof matcher>[]): boolean =>
      variantsOf(name, prefixes).some((variant) => matchers.some((matches) => matches(variant)));
    if (isOf(kept)) carried.push({ file, entry });
    if (isOf(kept) || isOf(ignored)) continue;
    problems.push(`${file.name}: "${name}" [${entry.shape.join(", ")}] is no weight of this model`);
  }
  if (problems.length > 0) throw new Error(listing(problems));
  const inOrder = [...readings.values()].sort(
    (left, right) => files.indexOf(left.file) - files.indexOf(right.file) || left.entry.from - right.entry.from,
  );
  return { readings: inOrder, carried };
}

async function placesOf(files: readonly Bytes[]): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  for (const file of files) {
    for (const entry of await readHeader(file)) {
      const before = places.get(entry.name);
      if (before) throw new Error(`"${entry.name}" is both in ${before.file.name} and in ${file.name}`);
      places.set(entry.name, { file, entry });
    }
  }
  return places;
}

function find(
  places: ReadonlyMap<string, Place>,
  names: readonly string[],
  prefixes: readonly string[],
): Place | undefined {
  for (const name of names) {
    for (const variant of variantsOf(name, prefixes)) {
      const place = places.get(variant);
      if (place) return place;
    }
  }
  return undefined;
}

function misfit(leaf: Leaf, layout: Layout, { file, entry }: Place, scales: Place | undefined): string | undefined {
  const found = `${file.name}: "${entry.name}"`;
  if (!isFloat(entry.dtype)) return misfitOfCodes(leaf, layout, { file, entry }, scales);
  if (String(entry.shape) === String(layout.shape)) return undefined;
  const due = `[${layout.shape.join(", ")}] is due for ${leaf.address}, ${leaf.param.shape}`;
  return `${found} is [${entry.shape.join(", ")}]; ${due}`;
}

/** A file may hold the codes of a weight that is quantised here in the same way. */
function misfitOfCodes(
  { param, address }: Leaf,
  layout: Layout,
  { file, entry }: Place,
  scales: Place | undefined,
): string | undefined {
  const found = `${file.name}: "${entry.name}" is ${entry.dtype} [${entry.shape.join(", ")}]`;
  const quantization = param.compression?.quantize;
  if (!quantization) return `${found}; ${address}, ${param.shape}, is of floats`;
  const [dtype, shape] = [quantization.bits === 8 ? "I8" : "U8", codeShape(quantization, layout)];
  const due = `codes of ${quantization.bits} bits, ${dtype} [${shape.join(", ")}], are due for ${address}`;
  if (entry.dtype !== dtype || String(entry.shape) !== String(shape)) return `${found}; ${due}`;
  const name = scaleName(entry.name);
  if (!scales) return `${address} is missing its scales: ${file.name} has no "${name}"`;
  const scaled = scaleShape(quantization, layout);
  if (isFloat(scales.entry.dtype) && String(scales.entry.shape) === String(scaled)) return undefined;
  return `${file.name}: "${name}" is ${scales.entry.dtype} [${scales.entry.shape.join(", ")}]; floats [${scaled.join(", ")}] are due`;
}

/** A name of the same ending, to show how the file spells it. */
function nearest(places: ReadonlyMap<string, Place>, { names }: Layout): string {
  const ending = names[0]?.split(".").slice(-2).join(".") ?? "";
  const similar = [...places.keys()].find((name) => name.endsWith(ending));
  return similar === undefined ? "" : `; it has "${similar}"`;
}

const shown = 8;

function listing(problems: readonly string[]): string {
  const more = problems.length - shown;
  return [...problems.slice(0, shown), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
