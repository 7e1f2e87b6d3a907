/**
 * Beam search (Graves 2012; Sutskever et al. 2014): of all ways to go on, the few likeliest are followed side by side. A text
 * that ends is ranked by its logarithmic likelihood over its length to the power of `lengthPenalty` (Wu et al. 2016).
 */
import type { Cache } from "../cache.js";
import { leastOfLargest } from "./least-of-largest.js";
import { penalised } from "./sample.js";
import { runStep, type Step } from "./step.js";

export interface BeamOptions {
  /** How many texts are followed; 1 if not given, which takes them one token at a time. */
  readonly beams?: number;
  /** Above 0 long texts are preferred, below 0 short ones. 1 if not given. */
  readonly lengthPenalty?: number;
}

interface SearchOptions extends BeamOptions {
  readonly vocab: number;
  readonly context?: number;
  readonly maxTokens?: number;
  readonly minTokens?: number;
  readonly stop?: readonly number[];
  readonly repetitionPenalty?: number;
}

interface Text {
  /** The row of the last step that it goes on from. */
  readonly row: number;
  readonly tokens: readonly number[];
  readonly score: number;
}

/** The tokens that follow `start` in the best text found. */
export async function beamSearch(
  step: Step,
  start: readonly number[],
  cache: Cache,
  options: SearchOptions,
): Promise<readonly number[]> {
  const { beams = 1, lengthPenalty = 1, vocab, context = Infinity, stop = [], minTokens = 0 } = options;
  const limit = Math.min(options.maxTokens ?? Infinity, context - start.length + 1);
  // As many candidates as leave `beams` texts to go on with, should the best of them all end.
  const kept = Math.max(2, 1 + stop.length) * beams;
  let running: readonly Text[] = [{ row: 0, tokens: start, score: 0 }];
  let ended: readonly Text[] = [];
  for (let count = 1; count <= limit; count++) {
    const fresh = running.map(({ tokens }) => (count === 1 ? tokens : tokens.slice(-1)));
    const logits = await runStep(step, fresh, cache, vocab);
    const candidates = likeliest(running, logits, kept, options, count <= minTokens ? stop : []);
    const ends = ({ tokens }: Text): boolean => count === limit || stop.includes(tokens.at(-1) ?? -1);
    const share = count ** lengthPenalty;
    const finished = candidates
      .slice(0, beams)
      .filter(ends)
      .map((text) => ({ ...text, score: text.score / share }));
    ended = [...ended, ...finished].sort((a, b) => b.score - a.score).slice(0, beams);
    running = candidates.filter((text) => !ends(text)).slice(0, beams);
    const [best] = running;
    const [worst] = ended.length === beams ? ended.slice(-1) : [];
    // What could still come of the best text, were it to end here.
    if (!best || (worst && best.score / share <= worst.score)) break;
    cache.reorder(running.map(({ row }) => row));
  }
  return ended[0]?.tokens.slice(start.length) ?? [];
}

/** The best ways to go on from any of the texts, best first. */
function likeliest(
  texts: readonly Text[],
  logits: Float32Array,
  count: number,
  { vocab, repetitionPenalty = 1 }: SearchOptions,
  banned: readonly number[],
): Text[] {
  const found: { readonly row: number; readonly token: number; readonly score: number }[] = [];
  for (const [row, { tokens, score }] of texts.entries()) {
    const own = logProbabilities(logits.subarray(row * vocab, (row + 1) * vocab));
    const scores = penalised(own, repetitionPenalty, tokens);
    for (const token of banned) scores[token] = -Infinity;
    const least = leastOfLargest(scores, () => 1, count);
    scores.forEach((each, token) => {
      if (each >= least && each > -Infinity) found.push({ row, token, score: score + each });
    });
  }
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ row, token, score }) => ({ row, score, tokens: [...(texts[row]?.tokens ?? []), token] }));
}

function logProbabilities(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(most)) throw new Error("a logit is no number, or no token is allowed");
  const whole = logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
  return logits.map((logit) => logit - most - Math.log(whole));
}
