import * as tf from "@tensorflow/tfjs-core";
import { createCache, type Cache } from "../cache.js";
import { read } from "../faults.js";
import { uniformRandom } from "../random.js";
import { checkSampleOptions, sampleToken, type SampleOptions } from "./sample.js";

export interface GenerateOptions extends SampleOptions {
  /** The same seed gives the same tokens; another one each time if not given. */
  readonly seed?: number;
  /** At most so many tokens; as many as the context holds if not given. */
  readonly maxTokens?: number;
  /** So many tokens before a stop token may come. */
  readonly minTokens?: number;
  /** Tokens that end the sequence; the one that does is still yielded. */
  readonly stop?: readonly number[];
}

export interface DecodeOptions extends GenerateOptions {
  /** How many positions the model has. */
  readonly context: number;
  readonly vocab: number;
}

/** A model's step: tokens that follow those in the cache to the logits f32[1, vocab] of what comes after the last. */
export type Step = (ids: readonly number[], cache: Cache) => tf.Tensor;

/**
 * The tokens that follow a prompt, one at a time. Ends after a stop token, `maxTokens`, or when the context is full; what
 * the cache holds is freed then, and also when the consumer breaks off.
 *
 * @throws Error if the prompt is empty, longer than the context, or holds no tokens; or if an option makes no sense.
 */
export async function* decode(
  step: Step,
  prompt: readonly number[],
  options: DecodeOptions,
): AsyncGenerator<number, void> {
  checkOptions(options);
  checkPrompt(prompt, options);
  const { context, vocab, stop = [], minTokens = 0, maxTokens = Infinity } = options;
  const random = uniformRandom(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  const tokens = [...prompt];
  const cache = createCache();
  try {
    let fresh: readonly number[] = prompt;
    for (let count = 0; count < maxTokens && tokens.length <= context; count++) {
      const logits = await run(step, fresh, cache, vocab);
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

async function run(step: Step, ids: readonly number[], cache: Cache, vocab: number): Promise<Float32Array> {
  const logits = tf.tidy(() => step(ids, cache));
  try {
    if (logits.size !== vocab)
      throw new Error(`the step gives logits [${logits.shape.join(", ")}], [1, ${vocab}] is due`);
    return Float32Array.from(await read(logits));
  } finally {
    logits.dispose();
  }
}

function checkPrompt(prompt: readonly number[], { context, vocab }: DecodeOptions): void {
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
