import type { Fields } from "./fields.js";
import type { Imported } from "./imported.js";
import { refuseOtherForms, requireFlag, requireText } from "./refusals.js";

/** transformers' GPT2LMHeadModel. */
export function gpt2(config: Fields): Imported {
  refuseOtherForms(config, "GPT2LMHeadModel");
  requireText(config, "activation_function", ["gelu_new", "gelu_pytorch_tanh"], "`act` of FFN");
  const scale = "give Attention another `scale` in the .tfm";
  requireFlag(config, "scale_attn_weights", true, scale);
  requireFlag(config, "scale_attn_by_inverse_layer_idx", false, scale);
  requireFlag(config, "add_cross_attention", false, "import a model without an encoder");
  requireFlag(
    config,
    "tie_word_embeddings",
    true,
    "write a head of its own in the .tfm: x |> lm_head: Linear{out: vocab, bias: false}",
  );
  const d = config.integer("n_embd", 768);
  const p = config.real("resid_pdrop", 0.1);
  const others = (["embd_pdrop", "attn_pdrop"] as const).filter((name) => config.real(name, 0.1) !== p);
  return {
    example: "gpt2",
    entries: {
      vocab: config.integer("vocab_size", 50257),
      ctx: config.integer("n_positions", 1024),
      d,
      depth: config.integer("n_layer", 12),
      heads: config.integer("n_head", 12),
      ff: config.has("n_inner") ? config.integer("n_inner") : 4 * d,
      p,
      eps: config.real("layer_norm_epsilon", 1e-5),
    },
    notes: others.map((name) => `${name} is not resid_pdrop = ${p}, which stands for all: it acts in training only`),
  };
}
