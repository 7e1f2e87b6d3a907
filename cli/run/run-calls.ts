/** A task on inputs: one call, or where the task remembers what it saw, several in order. */
import * as tf from "@tensorflow/tfjs-core";
import { createState, type Nested, type State } from "../../runtime/index.js";
import type { InputValue } from "../execute.js";
import { Failure } from "../failure.js";
import type { OpenModel } from "../open-model.js";
import type { OutsideTask } from "../ports.js";

/**
 * The outputs in order, which the caller disposes. Inputs that have an axis in front of those that a task with a state declares
 * are a call for each of its entries, as of a text that is read in segments; the outputs have that axis too. `watch` sees what a
 * call stores.
 */
export function runCalls(
  { executable, weights }: OpenModel,
  task: OutsideTask,
  inputs: Readonly<Record<string, InputValue>>,
  watch?: (state: State | undefined) => State,
): readonly tf.Tensor[] {
  const ranks = new Map(task.inputs.map(({ name, rank }) => [name, rank]));
  const given = Object.entries(inputs).map(([name, value]) => {
    const isSequence = task.remembers && rankOf(value) === (ranks.get(name) ?? 0) + 1;
    return { name, value, count: isSequence ? countOf(value) : undefined };
  });
  const sequences = given.flatMap(({ name, count }) => (count === undefined ? [] : [{ name, count }]));
  const [first] = sequences;
  if (!first) return executable.run(task.name, weights, inputs, watch?.(undefined));
  const other = sequences.find(({ count }) => count !== first.count);
  if (other) {
    const calls = [first, other].map(({ name, count }) => `${count} of ${name}`).join(" and ");
    throw new Failure(`${task.name} is called once for each entry: ${calls} do not go together`);
  }
  const state = createState();
  try {
    return tf.tidy(() => {
      const results = Array.from({ length: first.count }, (_, n) => {
        const own = given.map(
          ({ name, value, count }) => [name, count === undefined ? value : entryOf(value, n)] as const,
        );
        return executable.run(task.name, weights, Object.fromEntries<InputValue>(own), watch?.(state) ?? state);
      });
      return task.outputs.map((_, n) => tf.stack(results.flatMap((outputs) => outputs[n] ?? [])));
    });
  } finally {
    state.dispose();
  }
}

const isTensor = (value: InputValue | Nested): value is tf.Tensor => value instanceof tf.Tensor;
const isList = (value: InputValue | Nested | undefined): value is readonly Nested[] => Array.isArray(value);

function rankOf(value: InputValue | Nested): number {
  if (isTensor(value)) return value.rank;
  const [first] = isList(value) ? value : [];
  return first === undefined ? 0 : 1 + rankOf(first);
}

const countOf = (value: InputValue): number => (isTensor(value) ? (value.shape[0] ?? 0) : value.length);

function entryOf(value: InputValue, n: number): InputValue {
  if (isTensor(value)) return tf.reshape(tf.slice(value, n, 1), value.shape.slice(1));
  const entry = value[n];
  return isList(entry) ? entry : [];
}
