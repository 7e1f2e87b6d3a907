import { createCache } from "../cache.js";
import { uniformRandom } from "../random.js";
import { beamSearch, type BeamOptions } from "./beams.js";
import { checkSampleOptions, sampleToken, type SampleOptions } from "./sample.js";
import { runStep, type Step } from "./step.js";

export interface GenerateOptions extends SampleOptions, BeamOptions {
  /** The same seed gives the same tokens; another one each time if not given. */
  readonly seed?: number;
  /** At most so many tokens; as many as the context holds if not given, without end where nothing bounds it. */
  readonly maxTokens?: number;
  /** What every text begins with, before its prompt; the model's start tokens if not given. */
  readonly start?: readonly number[];
  /** So many tokens before a stop token may come. */
  readonly minTokens?: number;
  /** Tokens that end the sequence; the one that does is still yielded. */
  readonly stop?: readonly number[];
}

export interface DecodeOptions extends GenerateOptions {
  /** How many positions the model has; any number if not given. */
  readonly context?: number;
  readonly vocab: number;
}

/**
 * The tokens that follow a prompt, one at a time; by beam search, all at its end. Ends after a stop token, `maxTokens`, or
 * when the context is full; what the cache holds is freed then, and also when the consumer breaks off.
 *
 * @throws Error if the prompt is empty, longer than the context, or holds no tokens; or if an option makes no sense.
 */
export async function* decode(
  step: Step,
  prompt: readonly number[],
  options: DecodeOptions,
): AsyncGenerator<number, void> {
  checkOptions(options);
  const tokens = [...(options.start ?? []), ...prompt];
  checkPrompt(tokens, options);
  const { context = Infinity, vocab, stop = [], minTokens = 0, maxTokens = Infinity } = options;
  const random = uniformRandom(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  const cache = createCache();
  try {
    if ((options.beams ?? 1) > 1) return yield* await beamSearch(step, tokens, cache, options);
    let fresh: readonly number[] = [...tokens];
    for (let count = 0; count < maxTokens && tokens.length <= context; count++) {
      const logits = await runStep(step, [fresh], cache, vocab);
      const token = sampleToken(logits, options, random, tokens, count < minTokens ? stop : []);
      tokens.push(token);
      yield token;
      if (stop.includes(token)) return;
      fresh = [token];
    }
  } finally {
    cache.dispose();
  }
}

function checkPrompt(prompt: readonly number[], { context = Infinity, vocab }: DecodeOptions): void {
  if (prompt.length === 0) throw new Error("the prompt is empty: there is nothing to follow");
  if (prompt.length > context) {
    throw new Error(`the prompt has ${prompt.length} tokens, the model's context is ${context}`);
  }
  prompt.forEach((token, at) => {
    if (!Number.isInteger(token) || token < 0 || token >= vocab) {
      throw new Error(`the prompt's token ${token} at ${at} is outside 0..${vocab - 1}`);
    }
  });
}

function checkOptions(options: DecodeOptions): void {
  checkSampleOptions(options);
  const { beams = 1, lengthPenalty = 1 } = options;
  if (!Number.isInteger(beams) || beams < 1) throw new Error(`beams: ${beams} is no count from 1 on`);
  if (!Number.isFinite(lengthPenalty)) throw new Error(`lengthPenalty: ${lengthPenalty} is no number`);
  const counts = { maxTokens: options.maxTokens ?? 0, minTokens: options.minTokens ?? 0 };
  for (const [name, value] of Object.entries(counts)) {
    if (value !== Infinity && (!Number.isInteger(value) || value < 0)) throw new Error(`${name}: ${value} is no count`);
  }
  for (const token of options.stop ?? []) {
    if (!Number.isInteger(token) || token < 0 || token >= options.vocab) {
      throw new Error(`stop: token ${token} is outside 0..${options.vocab - 1}`);
    }
  }
}
