import type { Amount, Summary } from "./summarise.js";

/** A count as a formula over the config, and under this config as a number. */
export interface PlainAmount {
  readonly formula: string;
  readonly value: number;
}

export interface SummaryJson {
  readonly ok: true;
  readonly model: string;
  readonly config: string;
  /** How long the sequences are that work is counted for. */
  readonly length: number;
  readonly parameters: PlainAmount;
  readonly weightBytes: PlainAmount;
  readonly groups: readonly (PlainAmount & { readonly address: string; readonly depth: number })[];
  readonly tasks: readonly {
    readonly name: string;
    readonly flopsPerToken?: PlainAmount;
    readonly flopsPerExample?: PlainAmount;
    readonly cacheBytesPerToken?: PlainAmount;
  }[];
}

/** A summary for programs: numbers as numbers. */
export function summaryJson(summary: Summary, length: number): SummaryJson {
  return {
    ok: true,
    model: summary.model,
    config: summary.config,
    length,
    parameters: plain(summary.parameters),
    weightBytes: plain(summary.weightBytes),
    groups: summary.groups.map(({ address, depth, formula, value }) => ({
      address,
      depth,
      ...plain({ formula, value }),
    })),
    tasks: summary.tasks.map(({ name, flops, per, cacheBytesPerToken }) => ({
      name,
      [per === "token" ? "flopsPerToken" : "flopsPerExample"]: plain(flops),
      ...(cacheBytesPerToken && { cacheBytesPerToken: plain(cacheBytesPerToken) }),
    })),
  };
}

const plain = ({ formula, value }: Amount): PlainAmount => ({ formula, value: Number(value) });
