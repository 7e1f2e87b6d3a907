import type { StoredTensor } from "../../runtime/index.js";
import { Failure } from "../failure.js";
import type { OpenModel } from "../open-model.js";
import { inputsFor, tasksOf } from "../ports.js";
import { orFailure } from "../refusal.js";
import { compareTokens, type OutputReport } from "./compare.js";
import type { Reference } from "./reference.js";

/**
 * Decodes as many tokens as the reference has after its prompt, row 0 of the model's first input, and compares them.
 * Stop tokens are banned, as the reference goes on to its full length.
 */
export async function verifyGreedy(model: OpenModel, reference: Reference, due: StoredTensor): Promise<OutputReport> {
  const { executable, lowered, weights } = model;
  const expected = firstRow(due);
  if (!executable.generate || !expected) {
    throw new Failure(`${reference.file}: out.greedy has the shape [${due.shape.join(", ")}], [1, length] is due`);
  }
  const prompt = promptOf(lowered, reference);
  if (prompt.some((token, at) => token !== expected[at])) {
    throw new Failure(`${reference.file}: out.greedy does not begin with row 0 of the input`);
  }
  const count = expected.length - prompt.length;
  const found = [...prompt];
  await orFailure(async () => {
    const options = { temperature: 0, minTokens: count, maxTokens: count };
    for await (const token of executable.generate?.(weights, prompt, options) ?? []) found.push(token);
  });
  return compareTokens(found, expected, prompt.length);
}

function promptOf(lowered: OpenModel["lowered"], reference: Reference): number[] {
  const task = tasksOf(lowered).find(({ name }) => name === lowered.generation?.task);
  const [first] = task?.inputs ?? [];
  if (!task || !first) throw new Failure(`${lowered.module.model} has no input to decode from`);
  const ids = inputsFor({ ...task, inputs: [first] }, reference.inputs, reference.file)[first.name];
  const length = ids?.shape.at(-1) ?? 0;
  return Array.from(ids?.data.subarray(0, length) ?? []);
}

/** The tokens of a [1, length] or [length] tensor. */
function firstRow({ shape, data }: StoredTensor): number[] | undefined {
  return shape.length === 1 || (shape.length === 2 && shape[0] === 1) ? Array.from(data) : undefined;
}
