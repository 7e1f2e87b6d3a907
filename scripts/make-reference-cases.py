"""Makes the cases of test/reference/cases whose names end in a variant, and some whole systems, from Hugging Face transformers.

    python3 -m venv reference && reference/bin/pip install torch transformers safetensors
    reference/bin/python scripts/make-reference-cases.py [NAME ...]

A case is a checkpoint's folder (config.json, generation_config.json, weights) with two files more: io.safetensors holds inputs as
`in.NAME` and the reference's answers as `out.NAME`, `out.greedy` being a prompt and what was decoded from it; case.json says what
it is. Each case has sizes that the others do not: head counts that are no powers of two, odd lengths, a single layer or sequence.
The same versions make the same files again.
"""
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import save_file

CASES = pathlib.Path(__file__).resolve().parent.parent / "test" / "reference" / "cases"
NEW_TOKENS = 14


def llama_sizes(vocab, d, depth, heads, kv_heads, ff, ctx, **more):
    return dict(
        vocab_size=vocab, hidden_size=d, num_hidden_layers=depth, num_attention_heads=heads, num_key_value_heads=kv_heads,
        intermediate_size=ff, max_position_embeddings=ctx, bos_token_id=1, eos_token_id=2, **more,
    )


def default_rope(theta):
    return {"rope_type": "default", "rope_theta": theta}


def gpt2(**config):
    return transformers.GPT2LMHeadModel(transformers.GPT2Config(bos_token_id=1, eos_token_id=2, **config))


def llama(**config):
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(**config))


def mistral(**config):
    return transformers.MistralForCausalLM(transformers.MistralConfig(**config))


def qwen2(**config):
    return transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**config))


def qwen3(**config):
    return transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**config))


def gpt(**config):
    return transformers.OpenAIGPTLMHeadModel(transformers.OpenAIGPTConfig(**config))


def gpt_neo(**config):
    return transformers.GPTNeoForCausalLM(transformers.GPTNeoConfig(bos_token_id=1, eos_token_id=2, **config))


def gpt_neox(**config):
    return transformers.GPTNeoXForCausalLM(transformers.GPTNeoXConfig(bos_token_id=1, eos_token_id=2, **config))


def bloom(**config):
    return transformers.BloomForCausalLM(transformers.BloomConfig(**config))


def gemma2(**config):
    # The default attention leaves scores uncapped.
    return transformers.Gemma2ForCausalLM(transformers.Gemma2Config(attn_implementation="eager", **config))


def mixtral(**config):
    return transformers.MixtralForCausalLM(transformers.MixtralConfig(**config))


def opt(**config):
    return transformers.OPTForCausalLM(transformers.OPTConfig(pad_token_id=1, bos_token_id=2, eos_token_id=2, **config))


def phi3(**config):
    return transformers.Phi3ForCausalLM(transformers.Phi3Config(**config))


def xlnet(**config):
    return transformers.XLNetLMHeadModel(transformers.XLNetConfig(**config))


def encoder_sizes(vocab, d, depth, heads, ff, ctx, **more):
    return dict(
        vocab_size=vocab, hidden_size=d, num_hidden_layers=depth, num_attention_heads=heads, intermediate_size=ff,
        max_position_embeddings=ctx, **more,
    )


def bert(kind, **config):
    return getattr(transformers, f"BertFor{kind}")(transformers.BertConfig(**config))


def roberta(**config):
    return transformers.RobertaForMaskedLM(transformers.RobertaConfig(**config))


def distilbert(**config):
    return transformers.DistilBertForMaskedLM(transformers.DistilBertConfig(**config))


def modernbert(**config):
    return transformers.ModernBertForMaskedLM(transformers.ModernBertConfig(**config))


def albert(**config):
    return transformers.AlbertForMaskedLM(transformers.AlbertConfig(**config))


def electra(kind, **config):
    return getattr(transformers, f"ElectraFor{kind}")(transformers.ElectraConfig(**config))


def longformer(**config):
    return transformers.LongformerForMaskedLM(transformers.LongformerConfig(**config))


def padded(pad, before=False):
    """All rows but the first have padding, each another number of tokens: behind the text, or before it."""
    def inputs(ids, _):
        length = ids.shape[1]
        keep = (torch.arange(length)[None] < length - 2 * torch.arange(ids.shape[0])[:, None]).long()
        keep = keep.flip(1) if before else keep
        return {"input_ids": ids * keep + pad * (1 - keep), "attention_mask": keep}
    return inputs


def padded_segments(ids, draw):
    return padded(0)(ids, draw) | {"token_type_ids": torch.randint(0, 3, ids.shape, generator=draw)}


def padded_and_wide(ids, draw):
    inputs = padded(2)(ids, draw)
    wide = (torch.rand(ids.shape, generator=draw) < 0.2).long()
    return inputs | {"global_attention_mask": wide * inputs["attention_mask"]}


def two_segments_and_padding(ids, draw):
    """Segments of half the length; the last row is shorter than the others."""
    segment = torch.zeros_like(ids)
    segment[:, ids.shape[1] // 2:] = 1
    keep = torch.ones_like(ids)
    keep[-1, -3:] = 0
    return {"token_type_ids": segment, "attention_mask": keep}


def vit(**config):
    return transformers.ViTForImageClassification(transformers.ViTConfig(**config))


def swin(**config):
    return transformers.SwinForImageClassification(transformers.SwinConfig(**config))


def clip(text, vision, **config):
    return transformers.CLIPModel(transformers.CLIPConfig(text_config=text, vision_config=vision, **config))


def reformer(**config):
    return transformers.ReformerModelWithLMHead(transformers.ReformerConfig(is_decoder=True, pad_token_id=0, eos_token_id=2, **config))


def seq2seq_sizes(vocab, d, depths, heads, ffs, ctx, **more):
    """Sizes of the encoder and of the decoder, in pairs."""
    return dict(
        vocab_size=vocab, d_model=d, encoder_layers=depths[0], decoder_layers=depths[1], encoder_attention_heads=heads[0],
        decoder_attention_heads=heads[1], encoder_ffn_dim=ffs[0], decoder_ffn_dim=ffs[1], max_position_embeddings=ctx,
        forced_eos_token_id=None, **dict(pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=3) | more,
    )


def marian(**config):
    return transformers.MarianMTModel(transformers.MarianConfig(**config))


def bart(**config):
    return transformers.BartForConditionalGeneration(transformers.BartConfig(**config))


def pegasus(**config):
    return transformers.PegasusForConditionalGeneration(transformers.PegasusConfig(**config))


def t5(**config):
    return transformers.T5ForConditionalGeneration(transformers.T5Config(decoder_start_token_id=0, **config))


def switch(**config):
    return transformers.SwitchTransformersForConditionalGeneration(
        transformers.SwitchTransformersConfig(decoder_start_token_id=0, router_jitter_noise=0.0, **config))


def speech(**config):
    return transformers.Speech2TextForConditionalGeneration(transformers.Speech2TextConfig(**config))


def two_texts(target):
    """A padded source, and a target of another length."""
    def inputs(ids, draw):
        return padded(0)(ids, draw) | {"decoder_input_ids": torch.randint(4, int(ids.max()), (ids.shape[0], target), generator=draw)}
    return inputs


def sound_and_text(mel, target):
    """Sound as long as an input, of which the last rows are shorter; a target that has padding inside."""
    def inputs(ids, draw):
        frames = torch.randn(*ids.shape, mel, generator=draw)
        words = torch.randint(4, int(ids.max()), (ids.shape[0], target), generator=draw)
        words[-1, 2] = 1
        keep = padded(0)(ids, draw)["attention_mask"]
        return {"input_ids": None, "input_features": frames, "attention_mask": keep, "decoder_input_ids": words}
    return inputs


def images(channels):
    """As high and wide as an input is long."""
    def inputs(ids, draw):
        batch, size = ids.shape
        return {"input_ids": None, "pixel_values": torch.randn(batch, channels, size, size, generator=draw)}
    return inputs


def texts_and_fewer_images(end):
    """Texts of different lengths that end with a token and go on with padding, and two images of 15 by 15."""
    def inputs(ids, draw):
        ids[:, -1] = end
        ids[1, 4:] = end
        keep = torch.ones_like(ids)
        keep[1, 5:] = 0
        return {"input_ids": ids, "attention_mask": keep, "pixel_values": torch.randn(2, 1, 15, 15, generator=draw)}
    return inputs


# Ways to search: how many texts are followed, the penalty of length, and how many tokens come at most.
BEAMS = [(2, 1.0, 9), (4, 0.5, 14), (3, 2.0, 12)]

# Name: what it is for, the model, the shape of its input, and how it is saved; `inputs` makes inputs besides the ids (or in
# their stead), `outputs` are the reference's names where these are not logits, and what does not decode has no `greedy`. What
# is found by `beams` is in case.json.
VARIANTS = {
    "gpt2_lm_narrow": (
        "one layer, one sequence, 3 heads, an inner width of its own",
        lambda: gpt2(vocab_size=83, n_embd=33, n_layer=1, n_head=3, n_inner=50, n_positions=29, layer_norm_epsilon=1e-3),
        (1, 7), {}),
    "gpt2_lm_deep": (
        "four layers of 5 heads; weights in several files",
        lambda: gpt2(vocab_size=131, n_embd=30, n_layer=4, n_head=5, n_positions=64),
        (3, 17), {"max_shard_size": "60KB"}),
    "llama_lm_biased": (
        "as many key heads as heads, biases everywhere, another base of the rotations",
        lambda: llama(**llama_sizes(97, 36, 1, 3, 3, 50, 40, attention_bias=True, mlp_bias=True, rms_norm_eps=1e-4,
                                    rope_parameters=default_rope(5000.0))),
        (2, 11), {}),
    "llama_lm_one_key": (
        "one key head for 6 heads, head_dim is not d / heads, tied; stored as bfloat16",
        lambda: llama(**llama_sizes(113, 42, 3, 6, 1, 90, 60, head_dim=10, tie_word_embeddings=True)),
        (1, 9), {"dtype": torch.bfloat16}),
    "llama3_rope_scaling_long": (
        "positions far past the original context",
        lambda: llama(**llama_sizes(71, 48, 1, 6, 3, 70, 96, rope_parameters={
            "rope_type": "llama3", "rope_theta": 10000.0, "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 24})),
        (2, 57), {}),
    "mistral_lm_narrow_window": (
        "a window of 3, one key head, three layers; stored as float16",
        lambda: mistral(**llama_sizes(89, 42, 3, 7, 1, 60, 50, sliding_window=3)),
        (1, 21), {"dtype": torch.float16}),
    "mistral_lm_no_window": (
        "no window, tied",
        lambda: mistral(**llama_sizes(101, 36, 2, 6, 2, 64, 48, sliding_window=None, tie_word_embeddings=True)),
        (3, 15), {}),
    "qwen2_lm_tied": (
        "7 heads on one key head, tied",
        lambda: qwen2(**llama_sizes(107, 28, 2, 7, 1, 76, 40, tie_word_embeddings=True, rope_parameters=default_rope(1e6))),
        (2, 19), {}),
    "qwen3_lm_biased": (
        "biases besides the norms of queries and keys, 5 heads, two stop tokens",
        lambda: qwen3(**llama_sizes(79, 32, 2, 5, 5, 48, 44, head_dim=6, attention_bias=True) | {"eos_token_id": [2, 3]}),
        (1, 13), {}),
    "gpt_lm_relu": (
        "one layer of 3 heads, another activation",
        lambda: gpt(vocab_size=61, n_embd=27, n_layer=1, n_head=3, n_positions=29, afn="relu", layer_norm_epsilon=1e-3),
        (1, 9), {}),
    "gpt_neo_lm_odd": (
        "three layers of 3 heads, the dense ones first and last; a band of 3",
        lambda: gpt_neo(vocab_size=59, hidden_size=18, num_layers=3, num_heads=3, max_position_embeddings=32, window_size=3,
                        attention_types=[[["global", "local"], 1], [["global"], 1]]),
        (3, 11), {}),
    "gpt_neox_lm_serial": (
        "attention before the feed-forward network, no biases, a quarter of each head turns, tied",
        lambda: gpt_neox(vocab_size=61, hidden_size=40, num_hidden_layers=1, num_attention_heads=5, intermediate_size=28,
                         max_position_embeddings=44, use_parallel_residual=False, attention_bias=False, hidden_act="gelu_new",
                         tie_word_embeddings=True, rope_parameters=default_rope(700.0) | {"partial_rotary_factor": 0.25}),
        (2, 15), {}),
    "bloom_lm_odd_heads": (
        "5 heads, residuals from behind the norms",
        lambda: bloom(vocab_size=47, hidden_size=25, n_layer=1, n_head=5, apply_residual_connection_post_layernorm=True),
        (3, 17), {}),
    "gemma2_lm_uncapped": (
        "no caps, three layers of 3 heads on one key head, biases, a window of 4",
        lambda: gemma2(**llama_sizes(53, 21, 3, 3, 1, 32, 50, head_dim=6, query_pre_attn_scalar=7, sliding_window=4, attention_bias=True,
                                     attn_logit_softcapping=None, final_logit_softcapping=None, hidden_activation="gelu")),
        (1, 19), {}),
    "mixtral_lm_window": (
        "three of five experts, a window of 4, tied",
        lambda: mixtral(**llama_sizes(59, 24, 1, 3, 1, 20, 40, head_dim=10, num_local_experts=5, num_experts_per_tok=3, sliding_window=4,
                                      tie_word_embeddings=True)),
        (2, 13), {}),
    "xlnet_lm_padded": (
        "segments, padding, and a head of its own bias",
        lambda: xlnet(vocab_size=67, d_model=24, n_layer=2, n_head=3, d_inner=36, ff_activation="relu", layer_norm_eps=1e-6),
        (3, 10), {"inputs": two_segments_and_padding, "greedy": False}),
    "bert_pretraining_narrow": (
        "one layer of 5 heads, three kinds of segments, another activation",
        lambda: bert("PreTraining", **encoder_sizes(57, 30, 1, 5, 41, 24, type_vocab_size=3, hidden_act="gelu_new", layer_norm_eps=1e-3)),
        (3, 9), {"inputs": padded_segments, "outputs": ["prediction_logits", "seq_relationship_logits"], "greedy": False}),
    "bert_sequence_classification_one": (
        "one class, four layers of 3 heads, padding before the text",
        lambda: bert("SequenceClassification", **encoder_sizes(61, 18, 4, 3, 25, 30, num_labels=1)),
        (4, 11), {"inputs": padded(0, before=True), "greedy": False}),
    "roberta_masked_lm_left": (
        "padding before the text, by a token of its own, one sequence as long as can be",
        lambda: roberta(**encoder_sizes(53, 21, 2, 3, 35, 27, type_vocab_size=2, pad_token_id=3, hidden_act="relu")),
        (3, 23), {"inputs": padded(3, before=True), "greedy": False}),
    "distilbert_masked_lm_one": (
        "one layer of 5 heads, one sequence, another activation",
        lambda: distilbert(vocab_size=59, dim=20, n_layers=1, n_heads=5, hidden_dim=33, max_position_embeddings=16, activation="relu"),
        (1, 7), {"greedy": False}),
    "albert_masked_lm_groups": (
        "seven passes through three groups of two layers",
        lambda: albert(**encoder_sizes(47, 12, 7, 3, 17, 30, embedding_size=10, num_hidden_groups=3, inner_group_num=2)),
        (3, 13), {"inputs": padded(0), "greedy": False}),
    "electra_discriminator_even": (
        "tables as wide as the layers, so that nothing widens",
        lambda: electra("PreTraining", **encoder_sizes(43, 21, 3, 7, 25, 30, embedding_size=21, hidden_act="silu")),
        (2, 9), {"inputs": padded(0), "greedy": False}),
    "electra_generator_relu": (
        "a generator whose layers have another activation than its head",
        lambda: electra("MaskedLM", **encoder_sizes(67, 27, 1, 3, 31, 40, embedding_size=8, hidden_act="relu")),
        (3, 17), {"inputs": padded(0), "greedy": False}),
    "longformer_narrow": (
        "a window of 4, three layers of 3 heads, wide tokens by chance, a length that no window divides",
        lambda: longformer(**encoder_sizes(31, 12, 3, 3, 17, 50, attention_window=4, type_vocab_size=1, pad_token_id=2)),
        (3, 37), {"inputs": padded_and_wide, "greedy": False}),
    "vit_classification_gray": (
        "one layer of 3 heads, no biases of queries, keys and values, one channel, another activation",
        lambda: vit(hidden_size=21, num_hidden_layers=1, num_attention_heads=3, intermediate_size=37, image_size=15, patch_size=5,
                    num_channels=1, qkv_bias=False, hidden_act="gelu_new", layer_norm_eps=1e-3, num_labels=5),
        (3, 15), {"inputs": images(1), "greedy": False}),
    "swin_classification_three_stages": (
        "three stages, the last as large as its windows; an odd window, heads that are no powers of two, no biases",
        lambda: swin(image_size=24, patch_size=2, num_channels=2, embed_dim=6, depths=[1, 3, 1], num_heads=[3, 2, 8], window_size=3,
                     mlp_ratio=2, qkv_bias=False, hidden_act="relu", num_labels=4),
        (1, 24), {"inputs": images(2), "greedy": False}),
    "swin_classification_one_stage": (
        "a single stage, two classes",
        lambda: swin(image_size=15, patch_size=1, embed_dim=10, depths=[2], num_heads=[5], window_size=5, num_labels=2),
        (2, 15), {"inputs": images(3), "greedy": False}),
    "clip_padded": (
        "more texts than images, padding, a token of its own that ends a text; towers of different widths, depths and activations",
        lambda: clip(dict(vocab_size=41, hidden_size=15, intermediate_size=22, num_hidden_layers=3, num_attention_heads=5,
                          max_position_embeddings=19, hidden_act="gelu", eos_token_id=7, bos_token_id=1, pad_token_id=7),
                     dict(hidden_size=14, intermediate_size=27, num_hidden_layers=1, num_attention_heads=2, image_size=15, patch_size=3,
                          num_channels=1, layer_norm_eps=1e-3), projection_dim=11),
        (3, 9), {"inputs": texts_and_fewer_images(7), "outputs": ["logits_per_image", "text_embeds", "image_embeds"], "greedy": False}),
    "reformer_local_three_chunks": (
        "one layer of 3 heads that are narrow for its width, two chunks before, a length that no chunk divides",
        lambda: reformer(vocab_size=53, hidden_size=20, attention_head_size=5, num_attention_heads=3, attn_layers=["local"],
                         feed_forward_size=31, axial_pos_shape=[5, 6], axial_pos_embds_dim=[13, 7], local_attn_chunk_length=4,
                         local_num_chunks_before=2, local_num_chunks_after=0, max_position_embeddings=30, hidden_act="gelu"),
        (2, 27), {"greedy": False}),
    "marian_seq2seq_uneven": (
        "an encoder of one layer and 3 heads, a decoder of three layers and 5 heads; another activation, no scaling",
        lambda: marian(**seq2seq_sizes(47, 30, (1, 3), (3, 5), (22, 26), 40, activation_function="swish", scale_embedding=False)),
        (3, 11), {"inputs": two_texts(6)}),
    "bart_seq2seq_scaled": (
        "scaled embeddings, heads that are no powers of two, one sequence",
        lambda: bart(**seq2seq_sizes(43, 21, (2, 1), (3, 7), (32, 18), 29, activation_function="gelu_new", scale_embedding=True)),
        (1, 9), {"inputs": two_texts(5)}),
    "pegasus_seq2seq_uneven": (
        "three layers and one, relu, no scaling",
        lambda: pegasus(**seq2seq_sizes(41, 18, (3, 1), (3, 1), (20, 34), 32, activation_function="relu", scale_embedding=False)),
        (3, 13), {"inputs": two_texts(17)}),
    "t5_seq2seq_silu": (
        "a gated network of another kind, a decoder of one layer, 3 heads, buckets of another number; beams",
        lambda: t5(vocab_size=37, d_model=20, d_kv=6, d_ff=26, num_layers=3, num_decoder_layers=1, num_heads=3, feed_forward_proj="gated-silu",
                   relative_attention_num_buckets=12, relative_attention_max_distance=16, layer_norm_epsilon=1e-4),
        (2, 23), {"inputs": two_texts(19), "beams": BEAMS}),
    "switch_transformer_crowded": (
        "experts that can take two tokens each, in the second of every three layers of the encoder and in all of the decoder",
        lambda: switch(vocab_size=35, d_model=18, d_kv=5, d_ff=20, num_layers=5, num_decoder_layers=2, num_heads=3, num_experts=3,
                       expert_capacity=2, num_sparse_encoder_layers=1, num_sparse_decoder_layers=2, dense_act_fn="gelu"),
        (2, 11), {"inputs": two_texts(7), "greedy": False}),
    "speech_to_text_padded": (
        "sound of different lengths, padding in the text, another activation, kernels of 3",
        lambda: speech(**seq2seq_sizes(39, 18, (1, 2), (3, 1), (24, 30), 50, activation_function="gelu", pad_token_id=1, bos_token_id=0,
                                       scale_embedding=False, input_feat_per_channel=7, input_channels=1, num_conv_layers=2,
                                       conv_kernel_sizes=[3, 3], conv_channels=10, max_source_positions=60, max_target_positions=40)),
        (3, 38), {"inputs": sound_and_text(7, 6)}),
    "opt_lm": (
        "two layers of 3 heads, positions from 2 on",
        lambda: opt(vocab_size=31, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, ffn_dim=17, max_position_embeddings=26),
        (2, 11), {}),
    "opt_lm_post_norm": (
        "norms behind each part and none at the end, a table of tokens narrower than the layer, no biases",
        lambda: opt(vocab_size=29, hidden_size=15, num_hidden_layers=1, num_attention_heads=5, ffn_dim=22, max_position_embeddings=24,
                    word_embed_proj_dim=9, do_layer_norm_before=False, enable_bias=False, activation_function="gelu"),
        (1, 9), {}),
    "phi3_lm": (
        "5 heads on one key head, so that what is fused differs in width; a window of 4",
        lambda: phi3(**llama_sizes(29, 20, 2, 5, 1, 13, 40, sliding_window=4, pad_token_id=0, rope_parameters=default_rope(3000.0))),
        (2, 13), {}),
    "modernbert_masked_lm": (
        "four layers of 3 heads, of which two see everything; padding",
        lambda: modernbert(**encoder_sizes(31, 12, 4, 3, 7, 40, local_attention=8, pad_token_id=0,
                                           bos_token_id=1, eos_token_id=2, cls_token_id=1, sep_token_id=2, rope_parameters={
                                               "full_attention": default_rope(900.0), "sliding_attention": default_rope(40.0)})),
        (3, 17), {"inputs": padded(0), "greedy": False}),
}


def randomise(model, seed):
    """Draws every parameter, norms and biases too: a forgotten bias or a swapped norm changes the outputs by much."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if not parameter.requires_grad:
                continue  # A fixed table, such as sinusoids.
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                # Where the layers outweigh the embedding, a tied head does not just repeat the last token.
                parameter.copy_(noise * parameter.shape[-1] ** -0.5 * (0.5 if any(table in name for table in ("embed", "wte", "shared")) else 1.5))
            else:
                is_gain = bool((parameter == 1).all())
                parameter.copy_(0.25 * noise + (1.0 if is_gain else 0.0))


def search(model, prompt, beams, length_penalty, max_tokens):
    tokens = model.generate(**prompt, do_sample=False, num_beams=beams, length_penalty=length_penalty, max_new_tokens=max_tokens,
                            early_stopping=False)[0].tolist()
    return {"beams": beams, "length_penalty": length_penalty, "max_tokens": max_tokens, "tokens": tokens}


def draw_searchable(model, seed, prompt, settings):
    """Weights with which texts are varied, and end before they must: a tied head behind gains around 1 repeats its input."""
    for attempt in range(100):
        randomise(model, 1000 * seed + attempt)
        with torch.no_grad():
            for parameter_name, parameter in model.named_parameters():
                if "decoder" in parameter_name and "final_layer_norm" in parameter_name:
                    parameter.copy_(3 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(attempt)))
            model.tie_weights()
            found = [search(model, prompt, *setting) for setting in settings]
        texts = [each["tokens"] for each in found]
        ends = sum(len(text) <= tokens for text, (_, _, tokens) in zip(texts, settings))
        if all(len(set(text)) > 4 for text in texts) and 0 < ends < len(texts):
            return found
    raise AssertionError("no weights make varied texts")


def make(name, seed):
    note, build, (batch, length), saving = VARIANTS[name]
    torch.manual_seed(seed)
    model = build().eval()
    randomise(model, seed)
    model.tie_weights()
    dtype = saving.get("dtype", torch.float32)
    # The reference computes in full precision with the numbers that the file will hold: parameters are rounded, tables are not.
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(dtype))
    draw = torch.Generator().manual_seed(seed + 1)
    vocab = getattr(model.config.get_text_config(), "vocab_size", 5)
    ids = torch.randint(4, vocab, (batch, length), generator=draw)
    inputs = {"input_ids": ids} | saving.get("inputs", lambda *_: {})(ids, draw)
    inputs = {name: value for name, value in inputs.items() if value is not None}
    with torch.no_grad():
        answer = model(**inputs)
        prompt = {"input_ids": ids[:1], "attention_mask": torch.ones_like(ids[:1])}
        if model.config.is_encoder_decoder:
            prompt = {name: value[:1] for name, value in inputs.items() if not name.startswith("decoder")}
        found = draw_searchable(model, seed, prompt, saving["beams"]) if "beams" in saving else []
        answer = model(**inputs) if found else answer
        outputs = {output: answer[output].contiguous() for output in saving.get("outputs", ["logits"])}
        greedy = saving.get("greedy", True) and model.generate(**prompt, max_new_tokens=NEW_TOKENS, min_new_tokens=NEW_TOKENS, do_sample=False,
                                                               num_beams=1, pad_token_id=0)
    for output in outputs.values():
        assert torch.isfinite(output).all() and output.std() > 0.1, name

    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    model.to(dtype).save_pretrained(folder, max_shard_size=saving.get("max_shard_size", "1GB"))
    outputs |= {} if greedy is False else {"greedy": greedy}
    save_file({f"in.{k}": v for k, v in inputs.items()} | {f"out.{k}": v for k, v in outputs.items()}, folder / "io.safetensors")
    (folder / "case.json").write_text(json.dumps({
        "class": type(model).__name__, "model_type": model.config.model_type, "inputs": {k: list(v.shape) for k, v in inputs.items()},
        "outputs": {k: list(v.shape) for k, v in outputs.items()}, "tolerance": 1e-4, "note": note, "seed": seed,
        **({"beams": found} if found else {}),
        "made_with": {"transformers": transformers.__version__, "torch": torch.__version__}}, indent=1) + "\n")
    for file in folder.iterdir():
        file.chmod(0o644)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1024
    print(f"{name:28s} {model.num_parameters():7d} parameters {size:5.0f} KiB  greedy {[] if greedy is False else greedy[0].tolist()[-NEW_TOKENS:]}")
    for each in found:
        print(f"{'':28s} {each}")


def main():
    unknown = [name for name in sys.argv[1:] if name not in VARIANTS]
    if unknown:
        sys.exit(f"no case {unknown[0]}; there are {', '.join(VARIANTS)}")
    for number, name in enumerate(VARIANTS):
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            make(name, 100 + number)


if __name__ == "__main__":
    main()
