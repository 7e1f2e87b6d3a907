/** The choice of the next token from its logits, on plain numbers. */
import { leastOfLargest } from "./least-of-largest.js";

export interface SampleOptions {
  /** What the logits are divided by; 0 takes the likeliest token, always. 1 if not given. */
  readonly temperature?: number;
  /** `"greedy"` is temperature 0. */
  readonly sample?: "greedy" | "random";
  /** Only the `topK` likeliest tokens. Fan et al., arXiv:1805.04833. */
  readonly topK?: number;
  /** Only the likeliest tokens that together have this probability. Holtzman et al., arXiv:1904.09751. */
  readonly topP?: number;
  /** Only tokens at least this probable, relative to the likeliest. Nguyen et al., arXiv:2407.01082. */
  readonly minP?: number;
  /** Tokens that were seen are made less likely by this factor. Keskar et al., arXiv:1909.05858. */
  readonly repetitionPenalty?: number;
}

/** @throws Error that names the option whose value makes no sense. */
export function checkSampleOptions(options: SampleOptions): void {
  const { temperature = 1, topK = 1, topP = 1, minP = 0, repetitionPenalty = 1 } = options;
  const check = (name: string, value: number, sound: boolean, due: string): void => {
    if (!sound) throw new Error(`${name}: ${value} is not ${due}`);
  };
  check("temperature", temperature, temperature >= 0 && temperature < Infinity, "a number from 0 on");
  check("topK", topK, Number.isInteger(topK) && topK >= 1, "a count from 1 on");
  check("topP", topP, topP > 0 && topP <= 1, "a probability above 0");
  check("minP", minP, minP >= 0 && minP <= 1, "a share from 0 to 1");
  check("repetitionPenalty", repetitionPenalty, repetitionPenalty > 0 && repetitionPenalty < Infinity, "above 0");
}

/**
 * A token for logits [vocab]. `seen` are the tokens so far, `banned` those that may not come; `random` gives numbers in
 * [0, 1). The penalty comes first, then the temperature, then the restrictions in the order in which they are declared.
 *
 * @throws Error if a logit is no number, or no token is allowed.
 */
export function sampleToken(
  logits: Float32Array,
  options: SampleOptions,
  random: () => number,
  seen: Iterable<number> = [],
  banned: Iterable<number> = [],
): number {
  const { temperature = 1, sample, topK, topP, minP, repetitionPenalty = 1 } = options;
  const scores = penalised(logits, repetitionPenalty, seen);
  for (const token of banned) scores[token] = -Infinity;
  const best = likeliest(scores);
  if (sample === "greedy" || temperature === 0) return best;

  if (topK !== undefined && topK < scores.length) {
    keepLeast(
      scores,
      leastOfLargest(scores, () => 1, topK),
      -Infinity,
    );
  }
  const probabilities = unnormalised(scores, scores[best] ?? 0, temperature);
  if (topP !== undefined && topP < 1) keepLeast(probabilities, nucleus(probabilities, topP), 0);
  if (minP !== undefined) keepLeast(probabilities, minP, 0);
  return draw(probabilities, random());
}

/** Scores of which those of tokens that were seen are made lower. */
export function penalised(logits: Float32Array, penalty: number, seen: Iterable<number>): Float32Array {
  const scores = logits.slice();
  if (penalty === 1) return scores;
  for (const token of new Set(seen)) {
    const score = scores[token];
    if (score !== undefined) scores[token] = score > 0 ? score / penalty : score * penalty;
  }
  return scores;
}

function likeliest(scores: Float32Array): number {
  let best = -1;
  let highest = -Infinity;
  for (let token = 0; token < scores.length; token++) {
    const score = scores[token] ?? -Infinity;
    if (Number.isNaN(score)) throw new Error(`the logit of token ${token} is no number`);
    if (score > highest) {
      highest = score;
      best = token;
    }
  }
  if (best < 0) throw new Error("no token is allowed: every logit is -Infinity");
  return best;
}

/** Probabilities without a common factor: the likeliest token, whose score is the highest, has 1. */
function unnormalised(scores: Float32Array, highest: number, temperature: number): Float32Array {
  const probabilities = new Float32Array(scores.length);
  for (let token = 0; token < scores.length; token++) {
    const score = scores[token] ?? -Infinity;
    if (score > -Infinity) probabilities[token] = Math.exp((score - highest) / temperature);
  }
  return probabilities;
}

/** The least probability among the likeliest that together reach `share` of the whole. */
function nucleus(probabilities: Float32Array, share: number): number {
  return leastOfLargest(probabilities, (probability) => probability, share * sumOf(probabilities));
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n] ?? 0;
  return sum;
}

/** Puts `none` wherever a value is below `least`. */
function keepLeast(values: Float32Array, least: number, none: number): void {
  for (let token = 0; token < values.length; token++) {
    if ((values[token] ?? 0) < least) values[token] = none;
  }
}

function draw(probabilities: Float32Array, random: number): number {
  let rest = random * sumOf(probabilities);
  let last = 0;
  for (let token = 0; token < probabilities.length; token++) {
    const probability = probabilities[token] ?? 0;
    if (probability === 0) continue;
    last = token;
    rest -= probability;
    if (rest < 0) break;
  }
  return last;
}
