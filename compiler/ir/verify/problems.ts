/** What a rule finds wrong with a node: nothing, or messages that say what must hold and what is there instead. */
import type { Axis, DType, Value } from "../graph.js";
import { printType } from "../print/type.js";
import { sameLabels, sameShape, type Sizes } from "./sizes.js";

export type Problems = Generator<string, void>;

/** `out` must have these axes, under these labels. */
export function* expectAxes(out: Value, dtype: DType, axes: readonly Axis[], sizes: Sizes): Problems {
  yield* expectShape(out, dtype, axes, sizes);
  if (out.type.axes.length === axes.length && !sameLabels(out.type.axes, axes)) {
    yield `gives ${printType(out.type)}, its rule ${printType({ dtype, axes })}: the labels differ`;
  }
}

/** `out` must have these axes, under whatever labels. */
export function* expectShape(out: Value, dtype: DType, axes: readonly Axis[], sizes: Sizes): Problems {
  if (out.type.dtype !== dtype || !sameShape(sizes, out.type.axes, axes)) {
    yield `gives ${printType(out.type)}, its rule ${printType({ dtype, axes })}`;
  }
}

export function* expectDType(operand: Value, dtypes: readonly DType[]): Problems {
  if (!dtypes.includes(operand.type.dtype))
    yield `reads ${operand.name}, which is ${operand.type.dtype}, not ${dtypes.join(" or ")}`;
}

/** Whether an axis of that number is there; a message where it is not. */
export function* expectAxis(operand: Value, axis: number): Problems {
  if (operand.type.axes[axis] === undefined) yield `has no axis ${axis} of ${printType(operand.type)}`;
}
