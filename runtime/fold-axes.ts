/**
 * Kernels of tfjs that serve few axes only: WebAssembly's sums and products go wrong past six, without a word, and WebGPU's
 * shaders end at six, some at four. Here axes that run together count as one, and those of one entry not at all.
 */
import * as tf from "@tensorflow/tfjs-core";

/** Up to so many axes the kernels are left alone. */
const served = 4;

type Kernel = tf.KernelConfig["kernelFunc"];
type Fold = (kernel: Kernel, given: Parameters<Kernel>[0]) => ReturnType<Kernel>;

const entrywise =
  "Add Sub Multiply RealDiv FloorDiv Mod Pow Maximum Minimum SquaredDifference Equal NotEqual Less LessEqual Greater GreaterEqual " +
  "LogicalAnd LogicalOr LogicalNot Select Exp Log Sqrt Rsqrt Sin Cos Tanh Sigmoid Erf Floor Relu Neg Abs Cast Square Step";
const reductions = "Sum Mean Max Min Any All Prod";

const folded = new Set<string>();

/** For the kernels of that backend, once they are registered. */
export function foldAxes(backendName: string): void {
  if (folded.has(backendName)) return;
  folded.add(backendName);
  for (const name of entrywise.split(" ")) wrap(name, backendName, foldEntrywise);
  for (const name of reductions.split(" ")) wrap(name, backendName, foldReduction);
  wrap("Tile", backendName, foldTile);
  wrap("Transpose", backendName, foldTranspose);
}

function wrap(kernelName: string, backendName: string, fold: Fold): void {
  const kernel = tf.getKernel(kernelName, backendName);
  if (!kernel) return;
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...kernel, kernelFunc: (given) => fold(kernel.kernelFunc, given) });
}

/** The same numbers under another shape. */
const viewed = (tensor: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo => ({ ...tensor, shape: [...shape] });

function reshaped(made: tf.TensorInfo | tf.TensorInfo[], shape: readonly number[]): tf.TensorInfo {
  const [only] = Array.isArray(made) ? made : [made];
  if (!only) throw new Error("a kernel gave no tensor");
  return viewed(only, shape);
}

/** Runs of neighbouring axes that may count as one; axes of one entry belong to none. */
function runsOf(shape: readonly number[], together: (axis: number, next: number) => boolean): number[][] {
  const runs: number[][] = [];
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const last = runs.at(-1);
    const before = last?.at(-1);
    if (last && before !== undefined && together(before, axis)) last.push(axis);
    else runs.push([axis]);
  }
  return runs;
}

const foldEntrywise: Fold = (kernel, given) => {
  const operands = Object.entries(given.inputs).flatMap(([name, x]) => (x ? [{ name, x }] : []));
  const rank = Math.max(...operands.map(({ x }) => x.shape.length));
  if (rank <= served) return kernel(given);
  const shapes = operands.map(({ x }) => [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape]);
  const out = Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
  const repeats = (shape: readonly number[], axis: number): boolean => shape[axis] === 1;
  const runs = runsOf(out, (axis, next) => shapes.every((shape) => repeats(shape, axis) === repeats(shape, next)));
  const inputs = operands.map(({ name, x }, n) => {
    const own = runs.map((axes) => tf.util.sizeFromShape(axes.map((axis) => shapes[n]?.[axis] ?? 1)));
    return [name, viewed(x, own)] as const;
  });
  return reshaped(kernel({ ...given, inputs: Object.fromEntries(inputs) }), out);
};

const foldReduction: Fold = (kernel, given) => {
  const { x } = given.inputs;
  if (!x || x.shape.length <= served) return kernel(given);
  const { shape } = x;
  // `Max` has a name of its own for them.
  const name = given.attrs && "reductionIndices" in given.attrs ? "reductionIndices" : "axis";
  const axes = axesOf(given.attrs?.[name], shape.length);
  const runs = runsOf(shape, (axis, next) => axes.includes(axis) === axes.includes(next));
  const reduced = runs.flatMap(([axis = -1], n) => (axes.includes(axis) ? [n] : []));
  const keepsAxes = given.attrs?.["keepDims"] === true;
  const out = shape.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keepsAxes ? [1] : []));
  // An axis of one entry is reduced by a kernel too: a mean of whole numbers changes their kind.
  const [inner, own] = reduced.length > 0 ? [[], reduced] : [[1], [runs.length]];
  const folded_ = viewed(x, [
    ...runs.map((run) => tf.util.sizeFromShape(run.map((axis) => shape[axis] ?? 1))),
    ...inner,
  ]);
  const attrs = { ...given.attrs, [name]: own, keepDims: false };
  return reshaped(kernel({ ...given, inputs: { ...given.inputs, x: folded_ }, attrs }), out);
};

function axesOf(given: unknown, rank: number): readonly number[] {
  const written: readonly unknown[] = Array.isArray(given)
    ? given
    : given === undefined || given === null
      ? []
      : [given];
  const axes = written.flatMap((axis) => (typeof axis === "number" ? [axis < 0 ? axis + rank : axis] : []));
  return axes.length > 0 ? axes : Array.from({ length: rank }, (_, axis) => axis);
}

const foldTile: Fold = (kernel, given) => {
  const { x } = given.inputs;
  const reps = given.attrs?.["reps"];
  if (!x || x.shape.length <= served || !isNumbers(reps)) return kernel(given);
  const { shape } = x;
  const out = shape.map((size, axis) => size * (reps[axis] ?? 1));
  const runs = runsOf(out, (axis, next) =>
    reps[axis] === 1 ? reps[next] === 1 : shape[axis] === 1 && shape[next] === 1,
  );
  const over = (run: readonly number[], sizes: readonly number[]): number =>
    tf.util.sizeFromShape(run.map((axis) => sizes[axis] ?? 1));
  const attrs = { ...given.attrs, reps: runs.map((run) => over(run, reps)) };
  const inputs = {
    ...given.inputs,
    x: viewed(
      x,
      runs.map((run) => over(run, shape)),
    ),
  };
  return reshaped(kernel({ ...given, inputs, attrs }), out);
};

const foldTranspose: Fold = (kernel, given) => {
  const { x } = given.inputs;
  const perm = given.attrs?.["perm"];
  if (!x || x.shape.length <= served || !isNumbers(perm)) return kernel(given);
  const { shape } = x;
  const out = perm.map((axis) => shape[axis] ?? 1);
  const place = (axis: number): number => perm.filter((each) => shape[each] !== 1).indexOf(axis);
  const runs = runsOf(shape, (axis, next) => place(next) === place(axis) + 1);
  const order = runs.map((_, n) => n).sort((a, b) => place(runs[a]?.[0] ?? 0) - place(runs[b]?.[0] ?? 0));
  const inputs = {
    ...given.inputs,
    x: viewed(
      x,
      runs.map((run) => tf.util.sizeFromShape(run.map((axis) => shape[axis] ?? 1))),
    ),
  };
  return reshaped(kernel({ ...given, inputs, attrs: { ...given.attrs, perm: order } }), out);
};

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === "number");
