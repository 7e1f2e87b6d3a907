/** Broadcasting: how the axes of an operand find theirs among the axes of the result. */
import type { Axis } from "./graph.js";

/**
 * For each axis of `from`, its position among `to`: by label, and for an anonymous axis by its place counted from the
 * last. Undefined where one has no partner, or two have the same.
 */
export function alignAxes(from: readonly Axis[], to: readonly Axis[]): readonly number[] | undefined {
  const positions = from.map(({ label }, n) =>
    label === "" ? to.length - from.length + n : to.findIndex((axis) => axis.label === label),
  );
  return positions.some((position) => position < 0) || new Set(positions).size < positions.length
    ? undefined
    : positions;
}
