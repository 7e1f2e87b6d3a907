/** How a quantised weight lies in a file: codes under the weight's own name, scales under that with `_scale`. */
import type { Layout } from "../layout.js";
import type { Quantization } from "./compression.js";

export const scaleName = (name: string): string => `${name}_scale`;

/** The shape of the codes: two of 4 bits to a byte. */
export function codeShape(quantization: Quantization, layout: Layout): number[] {
  const { axis } = quantization;
  return quantization.bits === 8 ? [...layout.shape] : shapeWith(layout, axis, (layout.split[axis] ?? 1) / 2);
}

/** The shape of the scales: one along the axis for each group, and no such axis where there is one for all. */
export function scaleShape(quantization: Quantization, layout: Layout): number[] {
  const { axis, group } = quantization;
  return shapeWith(layout, axis, group === undefined ? undefined : Math.ceil((layout.split[axis] ?? 1) / group));
}

/** The file's shape with another size for one of the axes that are merged in it, or without that axis. */
function shapeWith({ shape, split }: Layout, axis: number, size: number | undefined): number[] {
  let first = 0;
  return shape.flatMap((whole) => {
    const from = first;
    for (let merged = 1; merged < whole || first === from; first++) merged *= split[first] ?? 1;
    if (axis < from || axis >= first) return [whole];
    if (size === undefined && first === from + 1) return [];
    return [(whole / (split[axis] ?? 1)) * (size ?? 1)];
  });
}
