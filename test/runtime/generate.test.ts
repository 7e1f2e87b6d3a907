import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  decode,
  loadTokenizer,
  sampleToken,
  streamText,
  useBackend,
  type DecodeOptions,
  type Step,
} from "tfmc/runtime";
import { onEveryBackend } from "./on-every-backend.js";

const vocab = 10;

/** After token t comes (3 t + 1) % 10, by far the likeliest, then its neighbours. It keeps a key, to be freed. */
const affine: Step = ([ids = []], cache) => {
  const last = ids.at(-1) ?? 0;
  cache.extend(tf.zeros([1, ids.length, 1]), tf.zeros([1, ids.length, 1]));
  cache.advance(ids.length);
  const next = (3 * last + 1) % vocab;
  return tf.tensor2d([Array.from({ length: vocab }, (_, token) => -Math.abs(token - next))]);
};

const all = async (step: Step, prompt: readonly number[], options: Partial<DecodeOptions>): Promise<number[]> => {
  const tokens: number[] = [];
  for await (const token of decode(step, prompt, { context: 12, vocab, ...options })) tokens.push(token);
  return tokens;
};

onEveryBackend("decode", () => {
  it("takes the likeliest", async () => {
    expect(await all(affine, [5, 0], { temperature: 0, maxTokens: 5 })).toEqual([1, 4, 3, 0, 1]);
    expect(await all(affine, [5, 0], { sample: "greedy", maxTokens: 5 })).toEqual([1, 4, 3, 0, 1]);
    expect(await all(affine, [0], { temperature: 0, maxTokens: 0 })).toEqual([]);
  });
  it("feeds each token once", async () => {
    const fed: number[][] = [];
    const noting: Step = (rows, cache) => {
      fed.push(...rows.map((ids) => [...ids]));
      return affine(rows, cache);
    };
    await all(noting, [5, 0], { temperature: 0, maxTokens: 3 });
    expect(fed).toEqual([[5, 0], [1], [4]]);
  });
  it("ends with the context, a stop token, or the consumer", async () => {
    expect(await all(affine, [0, 0, 0], { temperature: 0, context: 5 })).toHaveLength(3);
    expect(await all(affine, [0], { temperature: 0, stop: [3] })).toEqual([1, 4, 3]);
    expect(await all(affine, [0], { temperature: 0, stop: [3, 4], minTokens: 2, maxTokens: 9 })).not.toContain(4);
    for await (const token of decode(affine, [0], { context: 12, vocab })) {
      expect(token).toBeLessThan(vocab);
      break;
    }
  });
  it("has no end of its own where nothing bounds the context", async () => {
    const tokens: number[] = [];
    for await (const token of decode(affine, [5, 0], { vocab, temperature: 0, maxTokens: 30 })) tokens.push(token);
    expect(tokens).toHaveLength(30);
  });
  it("frees the cache when a step fails", async () => {
    const failing: Step = (ids, cache) => {
      if (cache.length > 2) throw new Error("the step fails");
      return affine(ids, cache);
    };
    await expect(all(failing, [0], { temperature: 0 })).rejects.toThrow("the step fails");
  });
  it("refuses prompts and options that make no sense", async () => {
    await expect(all(affine, [], {})).rejects.toThrow("the prompt is empty");
    await expect(all(affine, [1, 2, 3], { context: 2 })).rejects.toThrow("3 tokens, the model's context is 2");
    await expect(all(affine, [1, 10], {})).rejects.toThrow("token 10 at 1 is outside 0..9");
    await expect(all(affine, [1.5], {})).rejects.toThrow("token 1.5 at 0");
    await expect(all(affine, [1], { temperature: -1 })).rejects.toThrow("temperature: -1");
    await expect(all(affine, [1], { topP: 0 })).rejects.toThrow("topP: 0");
    await expect(all(affine, [1], { topK: 0.5 })).rejects.toThrow("topK: 0.5");
    await expect(all(affine, [1], { maxTokens: -1 })).rejects.toThrow("maxTokens: -1");
    await expect(all(affine, [1], { stop: [10] })).rejects.toThrow("stop: token 10 is outside 0..9");
    await expect(all((ids, cache) => tf.concat([affine(ids, cache), affine(ids, cache)], 1), [1], {})).rejects.toThrow(
      "the step gives logits [1, 20], [1, 10] is due",
    );
  });
  it("repeats by the seed", async () => {
    const one = await all(affine, [0], { seed: 1, temperature: 3 });
    expect(await all(affine, [0], { seed: 1, temperature: 3 })).toEqual(one);
    expect(await all(affine, [0], { seed: 2, temperature: 3 })).not.toEqual(one);
  });
});

describe("sampleToken", () => {
  const logits = Float32Array.from([0.1, 0.4, 0.2, 0.3].map(Math.log));
  /** How often each token comes for evenly spread random numbers. */
  const shares = (...[options, seen, banned]: [Parameters<typeof sampleToken>[1], number[]?, number[]?]): number[] => {
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 1000; n++) {
      const token = sampleToken(logits, options, () => (n + 0.5) / 1000, seen, banned);
      counts[token] = (counts[token] ?? 0) + 1;
    }
    return counts.map((count) => count / 1000);
  };
  const close = (actual: number[], due: number[]): void => {
    actual.forEach((share, token) => expect(Math.abs(share - (due[token] ?? 0))).toBeLessThan(0.003));
  };

  it("draws by the probabilities", () => close(shares({}), [0.1, 0.4, 0.2, 0.3]));
  it("temperature", () => close(shares({ temperature: 0.5 }), [1 / 30, 16 / 30, 4 / 30, 9 / 30]));
  it("topK", () => close(shares({ topK: 2 }), [0, 4 / 7, 0, 3 / 7]));
  it("topP", () => {
    close(shares({ topP: 0.6 }), [0, 4 / 7, 0, 3 / 7]);
    close(shares({ topP: 0.75 }), [0, 4 / 9, 2 / 9, 3 / 9]);
    close(shares({ topP: 0.0001 }), [0, 1, 0, 0]);
  });
  it("minP", () => close(shares({ minP: 0.6 }), [0, 4 / 7, 0, 3 / 7]));
  it("restrictions one after the other", () => close(shares({ topK: 3, topP: 0.7 }), [0, 4 / 7, 0, 3 / 7]));
  it("repetitionPenalty", () => {
    // All logits are negative: p becomes p^2.
    close(shares({ repetitionPenalty: 2 }, [1, 1]), [0.1 / 0.76, 0.16 / 0.76, 0.2 / 0.76, 0.3 / 0.76]);
    const positive = Float32Array.from([2, 3]);
    expect(sampleToken(positive, { temperature: 0, repetitionPenalty: 2 }, () => 0, [1])).toBe(0);
  });
  it("banned tokens", () => close(shares({}, [], [1]), [1 / 6, 0, 2 / 6, 3 / 6]));
  it("has no answer without numbers", () => {
    expect(() => sampleToken(Float32Array.from([1, NaN]), {}, () => 0)).toThrow("token 1 is no number");
    expect(() => sampleToken(Float32Array.from([1, 2]), {}, () => 0, [], [0, 1])).toThrow("no token is allowed");
  });
  it("never gives what is excluded", () => {
    const sampling = fc.record({
      topK: fc.integer({ min: 1, max: 5 }),
      minP: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: 1 }),
        sampling,
        fc.nat(),
        (values, options, n) => {
          const chosen = sampleToken(Float32Array.from(values), options, () => (n % 997) / 997);
          const rank = values.filter((value) => value > (values[chosen] ?? 0)).length;
          expect(rank).toBeLessThan(options.topK);
          expect(Math.exp((values[chosen] ?? 0) - Math.max(...values))).toBeGreaterThanOrEqual(options.minP - 1e-6);
        },
      ),
    );
  });
});

describe("tokenizers", () => {
  let folder = "";
  beforeAll(async () => {
    await useBackend("cpu");
    folder = await mkdtemp(join(tmpdir(), "tokenizer-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Every byte a token, in the alphabet that byte-level BPE writes bytes in. */
  const byteAlphabet = (): string[] => {
    const plain = (byte: number): boolean =>
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 255 && byte !== 173);
    let other = 256;
    return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(plain(byte) ? byte : other++));
  };
  const model = {
    version: "1.0",
    added_tokens: [
      { id: 256, content: "<end>", single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    ],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(byteAlphabet().map((character, byte) => [character, byte])),
      merges: [],
    },
  };

  it("are absent where there is no tokenizer.json", async () => {
    expect(await loadTokenizer(folder)).toBeUndefined();
  });

  it("stream whole characters only", async () => {
    await writeFile(join(folder, "tokenizer.json"), JSON.stringify(model));
    const tokenizer = await loadTokenizer(folder);
    if (!tokenizer) throw new Error("there is one");
    const text = "Grüße, 世界 👍🏽 naïve";
    const ids = tokenizer.encode(text);
    expect(ids).toHaveLength(new TextEncoder().encode(text).length);
    expect(tokenizer.decode(ids)).toBe(text);
    const stream = tokenizer.stream();
    const pieces = ids.map((id) => stream.push(id));
    expect(pieces.join("")).toBe(text);
    expect(pieces.every((piece) => !piece.includes("\ufffd") && !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(piece))).toBe(
      true,
    );
    expect(tokenizer.decode([71, 256])).toBe("G");
    expect(tokenizer.decode([71, 256], { special: true })).toBe("G<end>");
    expect(tokenizer.vocab).toBe(257);
  });

  it("stream what the decoder gives for all tokens, even if it ends within a character", () => {
    const utf8 = (ids: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(ids));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(), (text, cut) => {
        const bytes = [...new TextEncoder().encode(text)];
        const ids = bytes.slice(0, cut % (bytes.length + 1));
        const stream = streamText(utf8);
        expect(ids.map((id) => stream.push(id)).join("") + stream.finish()).toBe(utf8(ids));
      }),
    );
  });

  it("refuse what is no tokenizer", async () => {
    await writeFile(join(folder, "tokenizer.json"), "{");
    await expect(loadTokenizer(folder)).rejects.toThrow("tokenizer.json: ");
    await writeFile(join(folder, "tokenizer.json"), '{"model": {"type": "Nothing"}}');
    await expect(loadTokenizer(folder)).rejects.toThrow("tokenizer.json: ");
  });
});
