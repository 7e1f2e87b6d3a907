/**
 * The naive interpreter: what a module means, on plain arrays, in 64-bit floats; slow and obviously right. Every target,
 * every kernel and every optimisation is held against it.
 */
import { asAtom, evaluate, evaluateCondition, printDim, type Atom, type Dim } from "../shapes/index.js";
import { configNumbers } from "./config-numbers.js";
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
  /** Cells by address, kept by the caller from one call to the next: a call that succeeds changes them. */
  readonly state?: Map<string, NDArray>;
}

/**
 * What a task computes: the first of its outputs.
 *
 * @throws Error where the module is not legal, an input is missing or does not fit, or a guard does not hold.
 */
export function interpret(module: Module, task: string, given: Given): NDArray {
  return firstOf(interpretOutputs(module, task, given));
}

/** All outputs of a task, by name. @throws Error as `interpret`. */
export function interpretOutputs(module: Module, task: string, given: Given): ReadonlyMap<string, NDArray> {
  const found = taskOf(module, task);
  const results = run(module, found, found.forward, given);
  return new Map(found.outputs.map((name, n) => [name, present(results[n])]));
}

const firstOf = (outputs: ReadonlyMap<string, NDArray>): NDArray => present([...outputs.values()][0]);

function present(array: NDArray | undefined): NDArray {
  if (!array) throw new Error("the task gives nothing");
  return array;
}

/** A task's loss, a scalar. @throws Error as `interpret`, and where the task has none. */
export function interpretLoss(module: Module, task: string, given: Given): NDArray {
  const found = taskOf(module, task);
  if (!found.loss) throw new Error(`${task} has no loss`);
  return present(run(module, found, found.loss, given)[0]);
}

function taskOf(module: Module, name: string): Task {
  const task = module.tasks.find((each) => each.name === name);
  if (!task) throw new Error(`${module.model} has no task ${name}`);
  return task;
}

function run(module: Module, task: Task, wanted: Function, given: Given): NDArray[] {
  const sizes = configNumbers(module.config);
  const ports = [...module.inputs, ...task.inputs];
  bindSizes(ports, given, sizes);
  const arrays = new Map(ports.map((port) => [port.value.name, inputOf(port, given, sizes)]));
  for (const { condition, text } of [...module.guards, ...task.guards]) {
    if (evaluateCondition(condition, (atom) => sizes.get(atom)) !== true) throw new Error(`${text} does not hold`);
  }
  const world: World = {
    weights: given.weights,
    tree: module.weights,
    transposed: given.transposed ?? new Set(),
    sizes,
    cells: { before: given.state ?? new Map<string, NDArray>(), after: new Map<string, NDArray>() },
  };
  const argument = ({ name }: Value): NDArray => {
    const array = arrays.get(name);
    if (!array) throw new Error(`${wanted.name} needs ${name}, which is no input`);
    return array;
  };
  const hidden = evaluateFunction(module.body, module.body.parameters.map(argument), [], world);
  // A task's parameters: the model's results, then inputs by their names.
  const operands = [...hidden, ...wanted.parameters.slice(hidden.length).map(argument)];
  const results = evaluateFunction(wanted, operands, [], world);
  for (const [address, array] of world.cells.after) given.state?.set(address, array);
  return results;
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

function inputOf(
  { value, fallback, below, except }: Port,
  { inputs }: Given,
  sizes: ReadonlyMap<Atom, number>,
): NDArray {
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
  const stray =
    limit === undefined ? undefined : array.data.find((entry) => (entry < 0 || entry >= limit) && entry !== except);
  if (stray !== undefined) throw new Error(`${value.name} must be below ${limit} and not negative: ${stray}`);
  return array;
}
