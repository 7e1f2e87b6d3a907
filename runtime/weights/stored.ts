/** Where and how a weight lies in a checkpoint: a rule that is read both ways, by loading and by saving. */
export type Stored = string | StoredRule;

/**
 * The file's tensor, its axes split into `split` where that is given, cut to `from .. to - 1` along `axis`, its axes then
 * put in the order `order`, and merged or split into the weight's own sizes, is the weight.
 */
export interface StoredRule {
  /** The tensor's name, or the names it may go by; saved by the first. `{i}` stands for an index. */
  readonly name: string | readonly string[];
  /** The axis to cut, counted in the file's tensor (after `split`). */
  readonly axis?: number;
  readonly from?: number;
  readonly to?: number;
  /** The size of that axis, uncut. */
  readonly of?: number;
  /** Axis n of the weight is axis `order[n]` of the file's tensor, as in a transpose. */
  readonly order?: readonly number[];
  /** The sizes of the file's axes with merged ones split; `shape` is then due too. */
  readonly split?: readonly number[];
  /** The shape of the tensor in the file. Known from the weight's unless axes are split. */
  readonly shape?: readonly number[];
}

/** Entries `from .. to - 1` of one axis, which has `of` in the file: a part of several weights that are stored as one. */
export function cut(name: string, axis: number, from: number, to: number, of: number): StoredRule {
  return { name, axis, from, to, of };
}
