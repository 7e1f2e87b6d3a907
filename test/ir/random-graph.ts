/** Random functions of the graph, legal by construction: each step reads values made before and adds a node. */
import fc from "fast-check";
import type { Axis, DType, Function, MapName, Node, Value } from "../../compiler/ir/graph.js";
import { add, constant, evaluate, multiply, one, type Dim } from "../../compiler/shapes/index.js";
import { outsOf } from "../../compiler/ir/operands.js";
import { makeFunction, value } from "./small-graph.js";

const number = (dim: Dim): number => evaluate(dim, () => undefined) ?? NaN;
const labelsOf = ({ type }: Value): string[] => type.axes.map(({ label }) => label);

/** A run of decisions: each takes one of so many alternatives. */
type Choose = (alternatives: number) => number;

interface Draft {
  readonly values: Value[];
  readonly body: Node[];
  readonly choose: Choose;
  labels: number;
}

const result = (name: string, dtype: DType, axes: readonly Axis[]): Value => ({
  ...value(name, `${dtype}[]`),
  type: { dtype, axes },
});
const fresh = (draft: Draft): string => `l${draft.labels++}`;

function pick<T>(draft: Draft, from: readonly T[]): T | undefined {
  return from[draft.choose(Math.max(from.length, 1))];
}

const reals = (draft: Draft, suits: (value: Value) => boolean = () => true): Value[] =>
  draft.values.filter((each) => each.type.dtype === "f32" && suits(each));

/** A step gives a node, or nothing where no value suits it. */
type Step = (draft: Draft) => Exclude<Node, { op: "repeat" }> | undefined;

const unary: Step = (draft) => {
  const operand = pick(draft, reals(draft));
  const name = pick<MapName>(draft, ["negate", "tanh", "sin", "absolute", "relu", "erf"]);
  return operand && name && { op: "map", name, operands: [operand], out: result("u", "f32", operand.type.axes) };
};

const binary: Step = (draft) => {
  const wide = pick(draft, reals(draft));
  const narrow =
    wide &&
    pick(
      draft,
      reals(draft, (each) => fitsWithin(each, wide)),
    );
  const name = pick<MapName>(draft, ["add", "multiply", "subtract", "maximum", "less"]);
  if (!wide || !narrow || !name) return undefined;
  const operands = draft.choose(2) === 0 ? [wide, narrow] : [narrow, wide];
  return { op: "map", name, operands, out: result("b", name === "less" ? "bool" : "f32", wide.type.axes) };
};

const fitsWithin = (narrow: Value, wide: Value): boolean =>
  narrow.type.axes.every(({ label, dim }) =>
    wide.type.axes.some((axis) => axis.label === label && number(axis.dim) === number(dim)),
  );

const select: Step = (draft) => {
  const condition = pick(draft, draft.values.filter(({ type }) => type.dtype === "bool")); // prettier-ignore
  const then =
    condition &&
    pick(
      draft,
      reals(draft, (each) => fitsWithin(each, condition)),
    );
  return (
    then && {
      op: "map",
      name: "select",
      operands: [condition, then, then],
      out: result("s", "f32", condition.type.axes),
    }
  );
};

const reduce: Step = (draft) => {
  const operand = pick(
    draft,
    reals(draft, ({ type }) => type.axes.length > 0),
  );
  if (!operand) return undefined;
  const axes = labelsOf(operand).filter(() => draft.choose(2) === 0);
  const name = (["sum", "mean", "max", "min"] as const)[draft.choose(4)] ?? "sum";
  const kept = operand.type.axes.filter(({ label }) => !axes.includes(label));
  return { op: "reduce", name, operand, axes, out: result("r", "f32", kept) };
};

const softmax: Step = (draft) => {
  const operand = pick(
    draft,
    reals(draft, ({ type }) => type.axes.length > 0),
  );
  const axis = operand && pick(draft, labelsOf(operand));
  return axis === undefined || !operand
    ? undefined
    : { op: "softmax", log: draft.choose(2) === 0, operand, axis, out: result("m", "f32", operand.type.axes) };
};

const contract: Step = (draft) => {
  const left = pick(draft, reals(draft));
  const right =
    left &&
    pick(
      draft,
      reals(draft, (each) =>
        each.type.axes.every(({ label, dim }) =>
          left.type.axes.every((axis) => axis.label !== label || number(axis.dim) === number(dim)),
        ),
      ),
    );
  if (!left || !right) return undefined;
  const axes = labelsOf(left).flatMap((label, n) => {
    const m = labelsOf(right).indexOf(label);
    return m >= 0 && draft.choose(3) > 0 ? [{ left: n, right: m }] : [];
  });
  const keptLeft = left.type.axes.filter((_, n) => !axes.some((pair) => pair.left === n));
  const keptRight = right.type.axes.filter(
    ({ label }, m) => !axes.some((pair) => pair.right === m) && !keptLeft.some((axis) => axis.label === label),
  );
  const kept = [...keptLeft, ...keptRight];
  return kept.length > 4 ? undefined : { op: "contract", left, right, axes, out: result("p", "f32", kept) };
};

/** A product with a parameter of two axes, as `linear` has it. */
const linear: Step = (draft) => {
  const operand = pick(
    draft,
    reals(draft, ({ type }) => type.axes.length > 0),
  );
  const d = operand?.type.axes.at(-1);
  const weight =
    d &&
    pick(
      draft,
      reals(draft, ({ type }) => type.axes.length === 2 && type.axes.some(({ dim }) => number(dim) === number(d.dim))),
    );
  if (!operand || !d || !weight) return undefined;
  const transposed = number(weight.type.axes[0]?.dim ?? one) !== number(d.dim);
  const to = weight.type.axes[transposed ? 0 : 1];
  if (!to || labelsOf(operand).slice(0, -1).includes(to.label)) return undefined;
  return {
    op: "linear",
    operand,
    weight,
    bias: undefined,
    transposed,
    out: result("l", "f32", [...operand.type.axes.slice(0, -1), to]),
  };
};

/** Splits what can be halved, shuffles the parts, merges a pair of neighbours. */
const view: Step = (draft) => {
  const operand = pick(draft, draft.values);
  if (!operand) return undefined;
  const split = operand.type.axes.map(({ dim }) => {
    const size = number(dim);
    const halves = size % 2 === 0 && draft.choose(2) === 0;
    return halves ? [axis(fresh(draft), 2), axis(fresh(draft), size / 2)] : [axis(fresh(draft), size)];
  });
  const order = split.flat();
  for (let n = order.length - 1; n > 0; n--) {
    const m = draft.choose(n + 1);
    const [a, b] = [order[n], order[m]];
    if (a && b) [order[n], order[m]] = [b, a];
  }
  const joined =
    order.length > 1 && draft.choose(2) === 0
      ? [order.slice(0, 2), ...order.slice(2).map((each) => [each])]
      : order.map((each) => [each]);
  const axes = joined.map((parts) => ({
    label: fresh(draft),
    dim: parts.reduce((dim, part) => multiply(dim, part.dim), one),
  }));
  if (axes.length > 4) return undefined;
  return {
    op: "view",
    operand,
    split,
    merge: joined.map((parts) => parts.map(({ label }) => label)),
    out: result("v", operand.type.dtype, axes),
  };
};

const axis = (label: string, size: number): Axis => ({ label, dim: constant(size) });

const rename: Step = (draft) => {
  const operand = pick(draft, draft.values);
  return (
    operand && {
      op: "rename",
      operand,
      out: result(
        "n",
        operand.type.dtype,
        operand.type.axes.map((each) => (draft.choose(2) === 0 ? each : { ...each, label: fresh(draft) })),
      ),
    }
  );
};

/** Back to the labels of another value of the same sizes, as a rename that undoes one does. */
const renameBack: Step = (draft) => {
  const operand = pick(draft, draft.values);
  const same =
    operand &&
    pick(
      draft,
      draft.values.filter(
        ({ type }) =>
          type.dtype === operand.type.dtype &&
          type.axes.map(({ dim }) => number(dim)).join() === operand.type.axes.map(({ dim }) => number(dim)).join(),
      ),
    );
  return same && operand && { op: "rename", operand, out: result("o", operand.type.dtype, same.type.axes) };
};

const slice: Step = (draft) => {
  const operand = pick(
    draft,
    reals(draft, ({ type }) => type.axes.length > 0),
  );
  if (!operand) return undefined;
  const at = draft.choose(operand.type.axes.length);
  const whole = operand.type.axes[at];
  if (!whole) return undefined;
  const from = draft.choose(number(whole.dim));
  const to = from + 1 + draft.choose(number(whole.dim) - from);
  if (draft.choose(2) === 0)
    return {
      op: "take",
      operand,
      axis: at,
      index: constant(from),
      out: result("t", "f32", operand.type.axes.toSpliced(at, 1)),
    };
  return {
    op: "slice",
    operand,
    axis: at,
    from: constant(from),
    to: constant(to),
    out: result(
      "t",
      "f32",
      operand.type.axes
        .with(at, axis(fresh(draft), to - from))
        .map((each, n) => (n === at ? { ...each, label: whole.label } : each)),
    ),
  };
};

/** Looks up one axis by a parameter of positions that are small enough for every axis. */
const gather: Step = (draft) => {
  const table = pick(
    draft,
    reals(draft, ({ type }) => type.axes.length > 0),
  );
  const index = pick(draft, draft.values.filter(({ type }) => type.dtype === "i32")); // prettier-ignore
  if (!table || !index) return undefined;
  const at = draft.choose(table.type.axes.length);
  const kept = table.type.axes.filter((_, n) => n !== at);
  const shared = kept.filter(({ label }) => labelsOf(index).includes(label));
  if (shared.some((each) => !fitsWithin(result("x", "f32", [each]), index))) return undefined;
  const axes = [...index.type.axes, ...kept.filter((each) => !shared.includes(each))];
  return axes.length > 4
    ? undefined
    : { op: "gather", table, axes: [at], indices: [index], out: result("g", "f32", axes) };
};

const join: Step = (draft) => {
  const first = pick(
    draft,
    reals(draft, ({ type }) => type.axes.length > 0 && type.axes.length < 4),
  );
  if (!first) return undefined;
  const second =
    pick(
      draft,
      reals(draft, (each) => labelsOf(each).join() === labelsOf(first).join() && fitsWithin(each, first)),
    ) ?? first;
  if (draft.choose(2) === 0)
    return {
      op: "stack",
      operands: [first, second],
      out: result("k", "f32", [...first.type.axes, axis(fresh(draft), 2)]),
    };
  const at = draft.choose(first.type.axes.length);
  const axes = first.type.axes.map((each, n) =>
    n === at ? { ...each, dim: add(each.dim, second.type.axes[n]?.dim ?? one) } : each,
  );
  return { op: "concat", operands: [first, second], axis: at, out: result("k", "f32", axes) };
};

const expand: Step = (draft) => {
  const operand = pick(
    draft,
    reals(draft, ({ type }) => type.axes.length < 3),
  );
  if (!operand) return undefined;
  const axes = operand.type.axes.toSpliced(draft.choose(operand.type.axes.length + 1), 0, axis(fresh(draft), 2));
  return { op: "expand", operand, out: result("e", "f32", axes) };
};

const normalise: Step = (draft) => {
  const operand = pick(
    draft,
    reals(draft, ({ type }) => type.axes.length > 0),
  );
  const gain =
    operand &&
    pick(
      draft,
      reals(
        draft,
        ({ type }) =>
          type.axes.length === 1 && number(type.axes[0]?.dim ?? one) === number(operand.type.axes.at(-1)?.dim ?? one),
      ),
    );
  return (
    gain && {
      op: "layer-norm",
      kind: draft.choose(2) === 0 ? "rms" : "layer",
      operand,
      gain,
      bias: undefined,
      epsilon: 0.5,
      out: result("h", "f32", operand.type.axes),
    }
  );
};

const steps: readonly Step[] = [
  unary,
  binary,
  binary,
  select,
  reduce,
  softmax,
  contract,
  contract,
  linear,
  linear,
  view,
  view,
  rename,
  renameBack,
  slice,
  gather,
  join,
  expand,
  normalise,
];

/** Parameters: matrices, vectors of their widths, and positions; the result is the last value made. */
export const randomGraph: fc.Arbitrary<Function> = fc
  .array(fc.nat({ max: 10_000 }), { minLength: 30, maxLength: 150 })
  .map((decisions) => {
    let at = 0;
    const choose: Choose = (alternatives) => (decisions[at++] ?? 0) % alternatives;
    const parameters = [
      "f32[a=2, b=3]",
      "f32[b=3, c=4]",
      "f32[c=4, a=2, d=2]",
      "f32[b=3]",
      "f32[c=4]",
      "i32[a=2]",
      "i32[e=2, c=4]",
    ].map((type, n) => value(`p${n}`, type));
    const draft: Draft = { values: [...parameters], body: [], choose, labels: 0 };
    while (at < decisions.length) {
      const node = pick(draft, steps)?.(draft);
      if (!node) continue;
      draft.body.push(node);
      draft.values.push(...outsOf(node));
    }
    return makeFunction(parameters, draft.body, draft.values.at(-1) ?? value("x", "f32[]"));
  });
