/**
 * The naive interpreter: what a module means, on plain arrays, in 64-bit floats; slow and obviously right. Every target,
 * every kernel and every optimisation is held against it.
 */
import { asAtom, evaluate, evaluateCondition, printDim, type Atom, type Dim } from "../shapes/index.js";
import type { Function, Module, Port, Task, Value, Weight } from "./graph.js";
import { sizeOfShape, type NDArray } from "./interpret/array.js";
import { evaluateFunction, type World } from "./interpret/evaluate-node.js";

export type { NDArray } from "./interpret/array.js";

export interface Given {
  /** By the names that the source gives them: `ids`. */
  readonly inputs: ReadonlyMap<string, NDArray>;
  /** By address, such as `h.0.attn.q.weight`, each in the order of axes in which it is declared. */
  readonly weights: (address: string) => NDArray;
  /** Weights that the module reads with their two axes swapped, as `optimize` reports them. */
  readonly transposed?: ReadonlySet<Weight>;
}

/**
 * What a task computes.
 *
 * @throws Error where the module is not legal, an input is missing or does not fit, or a guard does not hold.
 */
export function interpret(module: Module, task: string, given: Given): NDArray {
  const found = taskOf(module, task);
  return run(module, found, found.forward, given);
}

/** A task's loss, a scalar. @throws Error as `interpret`, and where the task has none. */
export function interpretLoss(module: Module, task: string, given: Given): NDArray {
  const found = taskOf(module, task);
  if (!found.loss) throw new Error(`${task} has no loss`);
  return run(module, found, found.loss, given);
}

function taskOf(module: Module, name: string): Task {
  const task = module.tasks.find((each) => each.name === name);
  if (!task) throw new Error(`${module.model} has no task ${name}`);
  return task;
}

function run(module: Module, task: Task, wanted: Function, given: Given): NDArray {
  const sizes = new Map<Atom, number>();
  for (const { atom, value } of module.config) if (atom && typeof value === "number") sizes.set(atom, value);
  const ports = [...module.inputs, ...task.inputs];
  bindSizes(ports, given, sizes);
  const arrays = new Map(ports.map((port) => [port.value.name, inputOf(port, given, sizes)]));
  for (const { condition, text } of module.guards) {
    if (evaluateCondition(condition, (atom) => sizes.get(atom)) !== true) throw new Error(`${text} does not hold`);
  }
  const world: World = {
    weights: given.weights,
    tree: module.weights,
    transposed: given.transposed ?? new Set(),
    sizes,
  };
  const argument = ({ name }: Value): NDArray => {
    const array = arrays.get(name);
    if (!array) throw new Error(`${wanted.name} needs ${name}, which is no input`);
    return array;
  };
  const hidden = evaluateFunction(module.body, module.body.parameters.map(argument), [], world);
  // A task's parameters: the model's result, then inputs by their names.
  return evaluateFunction(wanted, [hidden, ...wanted.parameters.slice(1).map(argument)], [], world);
}

/** Sizes that only a call knows, from the axes whose size is one of them. */
function bindSizes(ports: readonly Port[], { inputs }: Given, sizes: Map<Atom, number>): void {
  for (const { value } of ports) {
    const array = inputs.get(value.name);
    value.type.axes.forEach(({ dim }, n) => {
      const atom = asAtom(dim);
      const size = array?.shape[n];
      if (atom && size !== undefined && !sizes.has(atom)) sizes.set(atom, size);
    });
  }
}

function inputOf({ value, fallback, below }: Port, { inputs }: Given, sizes: ReadonlyMap<Atom, number>): NDArray {
  const sizeOf = (dim: Dim): number => {
    const size = evaluate(dim, (atom) => sizes.get(atom));
    if (size === undefined) throw new Error(`no input gives the size ${printDim(dim)} of ${value.name}`);
    return size;
  };
  const array = inputs.get(value.name);
  if (!array) {
    if (fallback === undefined) throw new Error(`the input ${value.name} is missing`);
    const shape = value.type.axes.map(({ dim }) => sizeOf(dim));
    return { shape, data: new Float64Array(sizeOfShape(shape)).fill(Number(fallback)) };
  }
  if (array.data.length !== sizeOfShape(array.shape))
    throw new Error(`${value.name} holds ${array.data.length} numbers`);
  const limit = below && sizeOf(below);
  if (limit !== undefined && array.data.some((entry) => entry >= limit))
    throw new Error(`${value.name} must be below ${limit}`);
  return array;
}
