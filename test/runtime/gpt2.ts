import * as tf from "@tensorflow/tfjs-core";
import {
  attend,
  causal,
  decode,
  embedding,
  geluTanh,
  guard,
  input,
  linear,
  linearTransposed,
  loadWeights,
  normal,
  ones,
  param,
  positions,
  rearrange,
  repeat,
  zeros,
  type Cache,
  type GenerateOptions,
  type Initialiser,
  type Input,
  type Param,
  type Source,
  type Tensor,
  type Weights,
} from "tfmc/runtime";

export interface Config {
  readonly vocab: number;
  readonly ctx: number;
  readonly d: number;
  readonly depth: number;
  readonly heads: number;
}

/** GPT-2 as generated code has it, by hand, for any sizes. */
export function gpt2(config: Config, init: Initialiser = normal(0.02)) {
  const { vocab, ctx, d, depth, heads } = config;
  const norm = (name: string) => ({
    weight: param("f32[d]", [d], ones, `${name}.weight`),
    bias: param("f32[d]", [d], zeros, `${name}.bias`),
  });
  const dense = <const Shape extends string>(shape: Shape, from: number, to: number, name: string) => ({
    weight: param(shape, [from, to], init, `${name}.weight`),
    bias: param("f32[out]", [to], init, `${name}.bias`),
  });
  const third = (at: number): { weight: Param<"f32[d, d]">; bias: Param<"f32[d]"> } => {
    const cut = { from: at * d, to: (at + 1) * d, of: 3 * d };
    return {
      weight: param("f32[d, d]", [d, d], init, { name: "h.{i}.attn.c_attn.weight", axis: 1, ...cut }),
      bias: param("f32[d]", [d], init, { name: "h.{i}.attn.c_attn.bias", axis: 0, ...cut }),
    };
  };
  const parameters = {
    wte: { weight: param("f32[vocab, d]", [vocab, d], init, "wte.weight") },
    wpe: { weight: param("f32[ctx, d]", [ctx, d], init, "wpe.weight") },
    h: repeat(depth, "i", {
      ln_1: norm("h.{i}.ln_1"),
      attn: { q: third(0), k: third(1), v: third(2), o: dense("f32[d, d]", d, d, "h.{i}.attn.c_proj") },
      ln_2: norm("h.{i}.ln_2"),
      up: dense("f32[d, 4 * d]", d, 4 * d, "h.{i}.mlp.c_fc"),
      down: dense("f32[4 * d, d]", 4 * d, d, "h.{i}.mlp.c_proj"),
    }),
    ln_f: norm("ln_f"),
  };
  type Gpt2 = Weights<typeof parameters>;
  type Layer = Gpt2["h"][number];
  type Hidden = Tensor<"f32[batch, seq, d]">;

  const layerNorm = (weights: Layer["ln_1"], x: Hidden): Hidden => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), weights.weight), weights.bias);
  };

  const attention = (weights: Layer["attn"], x: Hidden, cache?: Cache): Hidden => {
    const split = (y: Hidden): Tensor<"f32[batch, heads, seq, c]"> =>
      rearrange(y, "batch seq (heads c) -> batch heads seq c", { heads });
    const q = split(linear(x, weights.q.weight, weights.q.bias));
    const k = split(linear(x, weights.k.weight, weights.k.bias));
    const v = split(linear(x, weights.v.weight, weights.v.bias));
    const y = attend(q, k, v, { scale: (d / heads) ** -0.5, mask: causal, cache });
    return linear(rearrange(y, "batch heads seq c -> batch seq (heads c)"), weights.o.weight, weights.o.bias);
  };

  const layer = (weights: Layer, x: Hidden, cache?: Cache): Hidden =>
    tf.tidy(() => {
      const attended = tf.add(x, attention(weights.attn, layerNorm(weights.ln_1, x), cache));
      const hidden = geluTanh(linear(layerNorm(weights.ln_2, attended), weights.up.weight, weights.up.bias));
      return tf.add(attended, linear(hidden, weights.down.weight, weights.down.bias));
    });

  const body = (weights: Gpt2, ids: Tensor<"i32[batch, seq]">, cache?: Cache): Hidden => {
    const seq = ids.shape[1] ?? 0;
    const end = (cache?.length ?? 0) + seq;
    guard(end <= ctx, `GPT2: seq = ${end} exceeds ctx = ${ctx}`);
    let x: Hidden = tf.add(embedding(weights.wte.weight, ids), embedding(weights.wpe.weight, positions(seq, cache)));
    for (const each of weights.h) x = layer(each, x, cache);
    cache?.advance(seq);
    return layerNorm(weights.ln_f, x);
  };

  const lm = (
    weights: Gpt2,
    inputs: { readonly ids: Input<"i32[batch, seq]"> },
    cache?: Cache,
  ): Tensor<"f32[batch, seq, vocab]"> =>
    tf.tidy(() => {
      const ids = input("ids", inputs.ids, { dtype: "int32", rank: 2, below: vocab });
      return linearTransposed(body(weights, ids, cache), weights.wte.weight);
    });

  const generate = (weights: Gpt2, prompt: readonly number[], options: GenerateOptions = {}): AsyncGenerator<number> =>
    decode(
      ([ids = []], cache) => {
        const x = body(weights, tf.tensor2d([[...ids]], [1, ids.length], "int32"), cache);
        const last = tf.reshape(tf.slice(x, [0, ids.length - 1, 0], [1, 1, d]), [1, d]);
        return linearTransposed(last, weights.wte.weight);
      },
      prompt,
      { context: ctx, vocab, temperature: 0, ...options },
    );

  const load = (source: Source): Promise<Gpt2> =>
    loadWeights(parameters, source, { prefixes: ["transformer."], ignore: ["h.{i}.attn.bias", "lm_head.*"] });

  return { parameters, lm, generate, load };
}
