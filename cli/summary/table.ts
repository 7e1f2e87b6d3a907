import type { Amount, Summary } from "../../compiler/index.js";

/** A summary for people: numbers in a column, their formulas beside them. */
export function summaryTable(summary: Summary, length: number): string {
  const rows: Row[] = summary.groups.map(({ label, depth, ...amount }) => row("  ".repeat(depth) + label, amount));
  const costs = summary.tasks.flatMap(({ name, flops, per, cacheBytesPerToken }) => [
    row(`${name}: FLOPs per ${per}`, flops),
    ...(cacheBytesPerToken ? [row(`${name}: cache bytes per token`, cacheBytesPerToken)] : []),
  ]);
  const all = [...rows, row("parameters", summary.parameters), row("weight bytes, f32", summary.weightBytes), ...costs];
  const lines = aligned(all);
  const [groups, totals] = [lines.slice(0, rows.length), lines.slice(rows.length)];
  return [
    `${summary.model}, config ${summary.config}`,
    "",
    ...groups,
    "",
    ...totals,
    "",
    ...(summary.groups.some(({ depth }) => depth > 0) ? ["Indented lines count one of the repeated."] : []),
    `FLOPs are those of matrix products and attention, in a pass over sequences of ${length}, masked scores included.`,
    "",
  ].join("\n");
}

interface Row {
  readonly label: string;
  readonly number: string;
  readonly formula: string;
}

const row = (label: string, { value, formula }: Amount): Row => ({
  label,
  number: value.toLocaleString("en-US"),
  formula,
});

function aligned(rows: readonly Row[]): string[] {
  const width = (of: (row: Row) => string): number => Math.max(...rows.map((row) => of(row).length));
  const labels = width(({ label }) => label);
  const numbers = width(({ number }) => number);
  return rows.map(({ label, number, formula }) => `${label.padEnd(labels)}  ${number.padStart(numbers)}  ${formula}`);
}
