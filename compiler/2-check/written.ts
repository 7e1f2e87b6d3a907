/**
 * Where a size was written: the `512` of `Embedding{size: ctx, d: 512}`, the `d` of `param bias: f32[d]`. A size keeps
 * its place on its way through layers and operations that leave the axis as it is, so that a mismatch can blame it.
 */
import type { Setting, WeightStatement } from "../../grammar/ast.js";
import type { Edit } from "../diagnostics/edit.js";
import type { Mark } from "../diagnostics/problem.js";
import type { Axis } from "../ir/graph.js";
import type { Dim } from "../shapes/index.js";
import { edit, sourceOf } from "./mend/mend.js";
import { mark, type Scope } from "./scope.js";

export interface Written {
  readonly mark: Mark;
  /** Writes another size there. */
  readonly put: (size: string) => Edit;
  /** What the place would say then: `d: 768`. */
  readonly say: (size: string) => string;
}

const places = new WeakMap<Dim, Written>();

/** The same size, which knows where it was written. */
function placed(dim: Dim, written: Written): Dim {
  const own = { ...dim };
  places.set(own, written);
  return own;
}

export function writtenInSetting(scope: Scope, { name, form, value, span }: Setting, dim: Dim): Dim {
  const say = (size: string): string => (size === name.name ? size : `${name.name}: ${size}`);
  const put = (size: string): Edit =>
    form === "pun" || size === name.name ? edit(scope, span, say(size)) : edit(scope, value.span, size);
  return placed(dim, { mark: mark(scope, value.span), put, say });
}

/** For the declared axes of a weight. */
export function writtenInType(
  scope: Scope,
  { name, type }: WeightStatement,
  resolved: readonly Axis[],
): readonly Axis[] {
  const axes = (type.axes ?? []).filter((axis) => axis.kind === "axis");
  if (axes.length !== resolved.length) return resolved;
  return resolved.map((axis, n) => {
    const written = axes[n];
    if (!written) return axis;
    const dim = written.dim.span;
    // An axis keeps its name where its size has none.
    const isBare = written.dim.kind === "name" && written.label?.name === written.dim.name;
    const put = (size: string): string => (isBare && !/^\w+$/.test(size) ? `${axis.label}: ${size}` : size);
    const say = (size: string): string => {
      const label = isBare ? "" : sourceOf(scope, { start: written.span.start, end: dim.start });
      const texts = axes.map(({ span }, m) => (m === n ? label + put(size) : sourceOf(scope, span)));
      return `${name.name}: f32[${texts.join(", ")}]`;
    };
    return {
      ...axis,
      dim: placed(axis.dim, { mark: mark(scope, dim), put: (size) => edit(scope, dim, put(size)), say }),
    };
  });
}

/** Where a size of the user's own file was written. */
export function placeOf({ dim }: Axis): Written | undefined {
  const written = places.get(dim);
  return written?.mark.file.startsWith("std/") ? undefined : written;
}
