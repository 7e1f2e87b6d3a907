/** Arrays of numbers in row-major order, read and made entry by entry. */

/** Truth values are 0 and 1; i32 entries are whole. A scalar has the shape []. */
export interface NDArray {
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
}

/** One position for each axis. */
export type Index = readonly number[];

export const sizeOfShape = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The entry at `index`. @throws RangeError if there is none. */
export function entryAt({ shape, data }: NDArray, index: Index): number {
  let offset = 0;
  let inside = index.length === shape.length;
  for (let axis = 0; axis < shape.length; axis++) {
    const [position, size] = [index[axis] ?? -1, shape[axis] ?? 0];
    inside &&= position >= 0 && position < size;
    offset = offset * size + position;
  }
  const entry = inside ? data[offset] : undefined;
  if (entry === undefined) throw new RangeError(`no entry [${index.join()}] in [${shape.join()}]`);
  return entry;
}

/** Every index of an array of that shape, the last axis fastest. */
export function* indicesOf(shape: readonly number[]): Generator<Index> {
  const index = shape.map(() => 0);
  for (let left = sizeOfShape(shape); left > 0; left--) {
    yield [...index];
    // The last axis that has a next position takes it; those behind begin again.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next < (shape[axis] ?? 0) ? next : 0;
      if (next < (shape[axis] ?? 0)) break;
    }
  }
}

/** The array whose entry at each index is what `entry` gives for it. */
export function tabulate(shape: readonly number[], entry: (index: Index) => number): NDArray {
  const data = new Float64Array(sizeOfShape(shape));
  let at = 0;
  for (const index of indicesOf(shape)) data[at++] = entry(index);
  return { shape, data };
}

export const scalar = (number: number): NDArray => ({ shape: [], data: Float64Array.of(number) });

/** Each line of entries along `axis` replaced by what `change` makes of it. */
export function mapLines(
  array: NDArray,
  axis: number,
  change: (line: readonly number[]) => readonly number[],
): NDArray {
  const length = array.shape[axis] ?? 0;
  const lines = new Map<string, readonly number[]>();
  return tabulate(array.shape, (index) => {
    const key = index.toSpliced(axis, 1).join();
    const line =
      lines.get(key) ??
      change(Array.from({ length }, (_, position) => entryAt(array, index.toSpliced(axis, 1, position))));
    lines.set(key, line);
    return line[index[axis] ?? 0] ?? NaN;
  });
}
