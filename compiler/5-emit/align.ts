/** Broadcasting by label, written for tfjs, which broadcasts by position. */
import type { Axis } from "../ir/graph.js";
import type { Text } from "./frame.js";

/** Axes that an operand lacks become axes of size 1, and its own come into the result's order. */
export function alignText(given: Text, axes: readonly Axis[], result: readonly Axis[]): Text {
  if (axes.length === 0 || given.kind === "number") return given;
  const at = axes.map((axis, n) => {
    const byLabel = axis.label === "" ? -1 : result.findIndex(({ label }) => label === axis.label);
    return byLabel >= 0 ? byLabel : result.length - axes.length + n;
  });
  const sorted = [...at].sort((a, b) => a - b);
  let code = given.code;
  if (at.some((position, n) => position !== sorted[n])) {
    code = `tf.transpose(${code}, [${sorted.map((position) => at.indexOf(position)).join(", ")}])`;
  }
  const first = sorted[0] ?? 0;
  // Leading axes come by themselves; only those between and after have to be put in.
  for (let position = first; position < result.length; position++) {
    if (!sorted.includes(position)) code = `tf.expandDims(${code}, ${position - first})`;
  }
  return code === given.code ? given : { code, kind: "fresh", hidden: true };
}
