import * as tf from "@tensorflow/tfjs-core";
import type { Lowered } from "../../compiler/index.js";
import type { StoredTensor } from "../../runtime/index.js";
import type { Beginning } from "../execute.js";
import { Failure } from "../failure.js";
import type { OpenModel } from "../open-model.js";
import { inputsFor, tasksOf, type OutsideInput } from "../ports.js";
import { orFailure } from "../refusal.js";
import { compareTokens, type OutputReport } from "./compare.js";
import { toTensor, type Reference } from "./reference.js";

/**
 * Decodes as many tokens as the reference has after its beginning, row 0 of the inputs, and compares them. Stop tokens are
 * banned, as the reference goes on to its full length.
 */
export async function verifyGreedy(model: OpenModel, reference: Reference, due: StoredTensor): Promise<OutputReport> {
  const { executable, lowered, weights } = model;
  const { generation } = lowered;
  const expected = firstRow(due);
  if (!executable.generate || !generation || !expected) {
    throw new Failure(`${reference.file}: out.greedy has the shape [${due.shape.join(", ")}], [1, length] is due`);
  }
  const { from, first } = beginningOf(lowered, generation, reference);
  if (first.some((token, at) => token !== expected[at])) {
    const begins = Array.isArray(from) ? "row 0 of the input" : `the start tokens, ${first.join(", ")}`;
    throw new Failure(`${reference.file}: out.greedy does not begin with ${begins}`);
  }
  const count = expected.length - first.length;
  const found = [...first];
  try {
    await orFailure(async () => {
      const options = { temperature: 0, beams: 1, minTokens: count, maxTokens: count };
      for await (const token of executable.generate?.(weights, from, options) ?? []) found.push(token);
    });
  } finally {
    if (!Array.isArray(from)) tf.dispose(Object.values(from));
  }
  return compareTokens(found, expected, first.length);
}

/** What decoding goes on from, and the tokens that the text begins with. */
function beginningOf(
  lowered: Lowered,
  { task: name, decoding, sampling }: NonNullable<Lowered["generation"]>,
  reference: Reference,
): { readonly from: Beginning; readonly first: readonly number[] } {
  const task = tasksOf(lowered).find((each) => each.name === name);
  if (!task) throw new Failure(`${lowered.module.model} has no task ${name}`);
  const prompt = decoding.prompt.value.name;
  const start = sampling.start ?? [];
  const others = task.inputs.filter((input) => input.name !== prompt);
  const [ids] = task.inputs.filter((input) => input.name === prompt);
  const rows = (inputs: readonly OutsideInput[]): Record<string, StoredTensor> => {
    const given = inputsFor({ ...task, inputs }, reference.inputs, reference.file);
    return Object.fromEntries(Object.entries(given).map(([input, tensor]) => [input, firstOf(tensor)]));
  };
  if (others.some(({ optional }) => !optional)) {
    const from = Object.entries(rows(others)).map(([input, tensor]) => [input, toTensor(tensor)] as const);
    return { from: Object.fromEntries(from), first: start };
  }
  const tokens = Array.from(rows(ids ? [ids] : [])[prompt]?.data ?? []);
  return { from: tokens, first: [...start, ...tokens] };
}

/** The first entry of the outermost axis, which stays. */
function firstOf({ shape: [count = 1, ...rest], data, dtype }: StoredTensor): StoredTensor {
  return { dtype, shape: [1, ...rest], data: data.slice(0, data.length / count) };
}

/** The tokens of a [1, length] or [length] tensor. */
function firstRow({ shape, data }: StoredTensor): number[] | undefined {
  return shape.length === 1 || (shape.length === 2 && shape[0] === 1) ? Array.from(data) : undefined;
}
