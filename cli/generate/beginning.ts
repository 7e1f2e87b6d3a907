import type { Lowered } from "../../compiler/index.js";
import type { Tokenizer } from "../../runtime/index.js";
import type { Beginning } from "../execute.js";
import { inputsFor, refuseStrangers, tasksOf, type OutsideInput } from "../ports.js";
import { readInputs } from "../run/read-inputs.js";
import { readPrompt, type PromptOptions } from "./prompt.js";

export interface Begun {
  readonly from: Beginning;
  /** What the text begins with, where that is not what the file says. */
  readonly start?: readonly number[];
  readonly tokenizer: Tokenizer | undefined;
}

/**
 * What a text goes on from: the prompt. Where the model takes other inputs too, these are given by name; the prompt is the first
 * of them that takes tokens, such as what a translation is of, or else the text's own beginning.
 */
export async function beginningOf(
  lowered: Lowered,
  request: PromptOptions & { readonly input?: readonly string[] | undefined },
): Promise<Begun> {
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
  const isSource = source !== undefined && !isGiven(source);
  const hasPrompt = isSource || request.prompt !== undefined || request.tokens !== undefined;
  const { tokens, tokenizer } = await readPrompt(hasPrompt ? request : { ...request, tokens: [] });
  if (isSource) given.set(source.name, [tokens]);
  refuseStrangers([{ ...task, inputs: others }], given.keys(), "", "--input");
  const from = inputsFor({ ...task, inputs: others }, given, "--input");
  return hasPrompt && !isSource
    ? { from, tokenizer, start: [...(generation?.sampling.start ?? []), ...tokens] }
    : { from, tokenizer };
}
