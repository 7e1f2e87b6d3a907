/** What the types of an emitted module allow, and what they refuse: read by the TypeScript compiler, never run. */
import * as tf from "@tensorflow/tfjs-core";
import type { Tensor } from "tfmc/runtime";
import { config, initialise, lm, lmLoss, type GPT2Weights } from "./models/gpt2.js";

const weights: GPT2Weights = initialise(1);
const logits: Tensor<"f32[batch, seq, vocab]"> = lm(weights, { ids: [[1, 2, 3]] });
const loss: Tensor<"f32[]"> = lmLoss(weights, { ids: tf.tensor2d([[1, 2]], [1, 2], "int32") });
const size: number = config.vocab;

// @ts-expect-error logits are not hidden states
const hidden: Tensor<"f32[batch, seq, d]"> = logits;
// @ts-expect-error the input is called ids
lm(weights, { tokens: [[1]] });
// @ts-expect-error a layer norm has no such weight
void weights.ln_f.gamma;
// @ts-expect-error a weight of another shape
const table: GPT2Weights["wte"]["weight"] = weights.wpe.weight;

void [logits, loss, size, hidden, table];
