import type { Amount, Summary } from "../../compiler/index.js";

/** The same for programs: numbers as numbers. */
export function summaryJson(summary: Summary, length: number): object {
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

const plain = ({ formula, value }: Amount): object => ({ formula, value: Number(value) });
