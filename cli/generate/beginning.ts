import type { Lowered } from "../../compiler/index.js";
import type { Tokenizer } from "../../runtime/index.js";
import type { Beginning } from "../execute.js";
import { inputsFor, refuseStrangers, tasksOf, type OutsideInput } from "../ports.js";
import { readInputs } from "../run/read-inputs.js";
import { readPrompt, type PromptOptions } from "./prompt.js";

/**
 * What a text goes on from: the prompt. Where the model takes other inputs too, the prompt is the first of these that takes
 * tokens, such as what a translation is of, and the rest is given by name.
 */
export async function beginningOf(
  lowered: Lowered,
  request: PromptOptions & { readonly input?: readonly string[] | undefined },
): Promise<{ readonly from: Beginning; readonly tokenizer: Tokenizer | undefined }> {
  const { generation } = lowered;
  const task = tasksOf(lowered).find(({ name }) => name === generation?.task);
  const others = (task?.inputs ?? []).filter(({ name }) => name !== generation?.decoding.prompt.value.name);
  if (!task || others.every(({ optional }) => optional)) {
    const { tokens, tokenizer } = await readPrompt(request);
    return { from: tokens, tokenizer };
  }
  const given = await readInputs(request.input ?? []);
  const source = others.find(({ takesTokens, optional }) => takesTokens && !optional);
  const isGiven = ({ name, external }: OutsideInput): boolean => given.has(name) || given.has(external);
  const reads = source !== undefined && !isGiven(source);
  const { tokens, tokenizer } = await readPrompt(reads ? request : { ...request, tokens: [] });
  if (reads) given.set(source.name, [tokens]);
  refuseStrangers([{ ...task, inputs: others }], given.keys(), "", "--input");
  return { from: inputsFor({ ...task, inputs: others }, given, "--input"), tokenizer };
}
