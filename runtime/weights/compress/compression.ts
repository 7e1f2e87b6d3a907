/** How a weight has less in it than its checkpoint. */

export interface Quantization {
  readonly bits: 4 | 8;
  /** The axis of the tensor along which entries share a scale. */
  readonly axis: number;
  /** How many of them do; all if not given. */
  readonly group?: number | undefined;
}

export type Pruning =
  /** This share of all entries, the smallest (Han et al. 2015). */
  | { readonly share: number }
  /** Of each `of` entries in a row along the weight's axis only the `keep` largest stay: 2 of 4 (Mishra et al. 2021). */
  | { readonly keep: number; readonly of: number; readonly axis: number };

/** `axis` counts the axes of the file's tensor, merged ones split. */
export interface Compression {
  readonly prune?: Pruning;
  readonly quantize?: Quantization;
}
