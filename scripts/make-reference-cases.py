"""Makes the cases of test/reference/cases whose names end in a variant, from Hugging Face transformers.

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


# Name: what it is for, the model, the shape of its input, and how it is saved.
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
}


def randomise(model, seed):
    """Draws every parameter, norms and biases too: a forgotten bias or a swapped norm changes the outputs by much."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                # Where the layers outweigh the embedding, a tied head does not just repeat the last token.
                parameter.copy_(noise * parameter.shape[-1] ** -0.5 * (0.5 if "embed" in name or "wte" in name else 1.5))
            else:
                is_gain = bool((parameter == 1).all())
                parameter.copy_(0.25 * noise + (1.0 if is_gain else 0.0))


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
    ids = torch.randint(4, model.config.vocab_size, (batch, length), generator=draw)
    with torch.no_grad():
        logits = model(input_ids=ids).logits
        greedy = model.generate(ids[:1], attention_mask=torch.ones_like(ids[:1]), max_new_tokens=NEW_TOKENS,
                                min_new_tokens=NEW_TOKENS, do_sample=False, num_beams=1, pad_token_id=0)
    assert torch.isfinite(logits).all() and logits.std() > 0.1, name

    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    model.to(dtype).save_pretrained(folder, max_shard_size=saving.get("max_shard_size", "1GB"))
    save_file({"in.input_ids": ids, "out.logits": logits.contiguous(), "out.greedy": greedy}, folder / "io.safetensors")
    (folder / "case.json").write_text(json.dumps({
        "class": type(model).__name__, "model_type": model.config.model_type, "inputs": {"input_ids": [batch, length]},
        "outputs": {"logits": list(logits.shape), "greedy": list(greedy.shape)}, "tolerance": 1e-4, "note": note, "seed": seed,
        "made_with": {"transformers": transformers.__version__, "torch": torch.__version__}}, indent=1) + "\n")
    for file in folder.iterdir():
        file.chmod(0o644)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1024
    print(f"{name:28s} {model.num_parameters():7d} parameters {size:5.0f} KiB  greedy {greedy[0, length:].tolist()}")


def main():
    unknown = [name for name in sys.argv[1:] if name not in VARIANTS]
    if unknown:
        sys.exit(f"no case {unknown[0]}; there are {', '.join(VARIANTS)}")
    for number, name in enumerate(VARIANTS):
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            make(name, 100 + number)


if __name__ == "__main__":
    main()
