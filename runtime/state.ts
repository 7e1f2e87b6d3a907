/**
 * What a model keeps from one call to the next: cells at addresses, as weights have them. In a call a cell reads as it was before
 * the call; what is stored is there from the next call on.
 */
import * as tf from "@tensorflow/tfjs-core";

type Path = readonly (string | number)[];

/** Kept by the caller and passed to a task's function. */
export interface State {
  /** The value of the cell at a path, or undefined where no call has stored one. */
  get(path: Path): tf.Tensor | undefined;
  /** What the cell will hold after this call; the tensor stays the caller's. */
  set(path: Path, value: tf.Tensor): void;
  /** Ends a call: what it stored is there for the next. */
  advance(): void;
  /** Frees everything. The state is then as new. */
  dispose(): void;
}

export function createState(): State {
  const held = new Map<string, tf.Tensor>();
  const stored = new Map<string, tf.Tensor>();
  const put = (cells: Map<string, tf.Tensor>, address: string, value: tf.Tensor): void => {
    cells.get(address)?.dispose();
    cells.set(address, value);
  };
  return {
    get: (path) => held.get(path.join(".")),
    set: (path, value) => put(stored, path.join("."), tf.keep(tf.clone(value))),
    advance() {
      for (const [address, value] of stored) put(held, address, value);
      stored.clear();
    },
    dispose() {
      tf.dispose([...held.values(), ...stored.values()]);
      held.clear();
      stored.clear();
    },
  };
}

/** The cells below a layer's address, under their paths in the layer. */
export function within(state: State | undefined, ...below: Path): State | undefined {
  if (!state) return undefined;
  return {
    get: (path) => state.get([...below, ...path]),
    set: (path, value) => state.set([...below, ...path], value),
    advance: () => state.advance(),
    dispose: () => state.dispose(),
  };
}

/**
 * A cell's value: a tensor of the caller's own, of `shape`.
 *
 * @throws Error where the cell holds another shape: sizes that a call brings, such as the batch, must stay the same.
 */
export function recall(
  state: State | undefined,
  path: Path,
  shape: readonly number[],
  initial: number,
  dtype: "float32" | "int32" | "bool" = "float32",
): tf.Tensor {
  const found = state?.get(path);
  if (!found) return tf.fill([...shape], initial, dtype);
  if (found.shape.join() === shape.join()) return found.clone();
  const [has, due] = [found.shape, shape].map((sizes) => `[${sizes.join(", ")}]`);
  throw new Error(`state ${path.join(".")} holds ${has}, this call needs ${due}: begin anew with createState()`);
}

export function store(state: State | undefined, path: Path, value: tf.Tensor): void {
  state?.set(path, value);
}
