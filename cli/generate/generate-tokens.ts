import { setImmediate } from "node:timers/promises";
import type { GenerateOptions } from "../../runtime/index.js";
import { Failure } from "../failure.js";
import { openModel, type ModelOptions } from "../open-model.js";
import { orFailure } from "../refusal.js";
import { beginningOf } from "./beginning.js";

export interface GenerateRequest extends ModelOptions {
  readonly prompt?: string | undefined;
  readonly tokens?: readonly number[] | undefined;
  /** Inputs besides the prompt, as `run` takes them. */
  readonly input?: readonly string[] | undefined;
  /** Told the text, or the token's id and a space, as soon as it is there. */
  readonly onPiece: (piece: string) => void;
  /** Ends the sequence early, for instance on Ctrl-C. */
  readonly stopped: { readonly aborted: boolean };
}

export interface Generated {
  readonly tokens: readonly number[];
  /** Absent where the checkpoint has no tokenizer. */
  readonly text: string | undefined;
  readonly backend: string;
  /** Until the first token was there, for reading the prompt. */
  readonly firstSeconds: number;
  /** Of those after the first; undefined where there is none. */
  readonly tokensPerSecond: number | undefined;
}

/** Where neither the file nor the caller sets an end. */
const usualLength = 256;

/** Continues a prompt by a file's `generate`, with the defaults that it declares. */
export async function generateTokens(
  file: string,
  request: GenerateRequest,
  sampling: GenerateOptions,
): Promise<Generated> {
  const { lowered, executable, backend, weights } = await openModel(file, request);
  const { generate } = executable;
  if (!generate) {
    const { model, configName, tasks } = lowered.module;
    const line = `generate ${configName}.${tasks[0]?.name ?? "lm"} over seq { sample: greedy }`;
    throw new Failure(`${file} declares no \`generate\` for ${model}`, `add the line: ${line}`);
  }
  const { from, start, tokenizer } = await beginningOf(lowered, request);
  const stream = tokenizer?.stream();
  const tokens: number[] = [];
  let text = "";
  const emit = (piece: string): void => {
    text += piece;
    if (piece !== "") request.onPiece(piece);
  };
  const started = performance.now();
  let first = started;
  const options = {
    maxTokens: lowered.generation?.sampling.maxTokens ?? usualLength,
    ...sampling,
    ...(start && { start }),
  };
  await orFailure(async () => {
    for await (const token of generate(weights, from, options)) {
      if (tokens.length === 0) first = performance.now();
      tokens.push(token);
      emit(stream ? stream.push(token) : `${token} `);
      // A step may never wait for anything: signals and the terminal get their turn here.
      await setImmediate();
      if (request.stopped.aborted) break;
    }
  });
  const seconds = (performance.now() - first) / 1000;
  if (stream) emit(stream.finish());
  return {
    tokens,
    text: stream && text,
    backend: backend.name,
    firstSeconds: (first - started) / 1000,
    tokensPerSecond: tokens.length > 1 ? (tokens.length - 1) / seconds : undefined,
  };
}
