/** What came out, against what was due. */
export interface OutputReport {
  /** The largest |a - b|. For tokens: how many differ. */
  readonly maxError: number;
  /** `maxError` over the largest |b|. For tokens: the share that differs. */
  readonly relativeError: number;
  readonly ok: boolean;
  /** What a person should know of it: the shape, or where the tokens part. Not in the JSON. */
  readonly remark: string;
}

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Passes where the shapes agree, every number is finite, and the relative error is at most `tolerance`. */
export function compareNumbers(found: Numbers, due: Numbers, tolerance: number): OutputReport {
  const shape = `[${found.shape.join(", ")}]`;
  if (String(found.shape) !== String(due.shape)) {
    const remark = `has the shape ${shape}, the reference [${due.shape.join(", ")}]`;
    return { maxError: Infinity, relativeError: Infinity, ok: false, remark };
  }
  let maxError = 0;
  let largest = 0;
  let strange = 0;
  for (let at = 0; at < due.data.length; at++) {
    const value = found.data[at] ?? NaN;
    const reference = due.data[at] ?? NaN;
    if (!Number.isFinite(value) || !Number.isFinite(reference)) strange++;
    maxError = Math.max(maxError, Math.abs(value - reference));
    largest = Math.max(largest, Math.abs(reference));
  }
  if (strange > 0) {
    const remark = `${shape}: ${strange} of ${due.data.length} numbers are not finite`;
    return { maxError: Infinity, relativeError: Infinity, ok: false, remark };
  }
  // An output that ought to be all zeros has no magnitude to measure by.
  const relativeError = maxError === 0 ? 0 : maxError / (largest === 0 ? 1 : largest);
  return { maxError, relativeError, ok: relativeError <= tolerance, remark: shape };
}

/** Token for token; `from` is where decoding began. */
export function compareTokens(found: readonly number[], due: readonly number[], from: number): OutputReport {
  const count = due.length - from;
  const differing = due.flatMap((token, at) => (at >= from && found[at] !== token ? [at] : []));
  const [first] = differing;
  const remark =
    first === undefined
      ? `${count} tokens after a prompt of ${from}`
      : `first differs at token ${first}: ${found[first] ?? "none"}, the reference has ${due[first]}`;
  const relativeError = count === 0 ? 0 : differing.length / count;
  return { maxError: differing.length, relativeError, ok: differing.length === 0, remark };
}
