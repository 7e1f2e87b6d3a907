"""Variants of the encoders that no library has: Shaw's relative positions, four ways to know positions, four scores of attention.

    reference/bin/python scripts/reference/encoders.py
"""
import torch
from torch.nn.functional import gelu, relu

from case import Weights, heads, layer_norm, linear, padded, softmax_over, write


def encoder(w, config, ids, attention, activation):
    """Pre-norm layers on the embedding alone; `attention(layer, name, x)` comes without biases."""
    d, eps = config["hidden_size"], config["layer_norm_eps"]
    x = w("embed.weight", config["vocab_size"], d)[ids]
    for layer in range(config["num_hidden_layers"]):
        name = f"layers.{layer}"
        x = x + attention(layer, f"{name}.attn", layer_norm(w, f"{name}.norm1", x, eps))
        hidden = linear(w, f"{name}.ffn.up", layer_norm(w, f"{name}.norm2", x, eps), config["intermediate_size"])
        x = x + linear(w, f"{name}.ffn.down", activation(hidden), d)
    return layer_norm(w, "norm", x, eps)


def projected(w, config, name, x):
    count = config["num_attention_heads"]
    return [heads(linear(w, f"{name}.{part}_proj", x, x.shape[-1], bias=False), count) for part in "qkv"]


def joined(w, name, y):
    y = y.transpose(1, 2).flatten(2)
    return linear(w, f"{name}.o_proj", y, y.shape[-1], bias=False)


def offsets(n):
    """[i, j]: how far the key is ahead of the query."""
    return torch.arange(n)[None, :] - torch.arange(n)[:, None]


def shaw(w, config, ids, keep):
    """Keys and values of a pair have a learned vector for its offset, up to `clip` either way."""
    clip = config["clip"]

    def attention(_, name, x):
        q, k, v = projected(w, config, name, x)
        row = offsets(x.shape[1]).clamp(-clip, clip) + clip
        to_key, to_value = (w(f"{name}.{table}.weight", 2 * clip + 1, q.shape[-1])[row] for table in ("rel_k", "rel_v"))
        score = (q[:, :, :, None] * (k[:, :, None] + to_key)).sum(-1) * q.shape[-1] ** -0.5
        weights = softmax_over(keep[:, None, None], score)
        return joined(w, name, (weights[..., None] * (v[:, :, None] + to_value)).sum(3))

    return {"hidden": encoder(w, config, ids, attention, relu)}


def turned(x, base, neighbours):
    """Pairs of channels as complex numbers, each turned by its position times its frequency."""
    pairs = x.unflatten(-1, (-1, 2)) if neighbours else x.unflatten(-1, (2, -1)).transpose(-1, -2)
    count = pairs.shape[-2]
    frequency = torch.tensor([base ** (-e / count) for e in range(count)])
    angle = torch.arange(x.shape[-2])[:, None] * frequency
    result = torch.view_as_real(torch.view_as_complex(pairs.contiguous()) * torch.polar(torch.ones_like(angle), angle))
    return result.flatten(-2) if neighbours else result.transpose(-1, -2).flatten(-2)


def slopes(count):
    """Of ALiBi: geometric for a power of two; of what is more, every other one of twice as many."""
    power = max(2 ** e for e in range(count + 1) if 2 ** e <= count)
    own = [2.0 ** (-8 * (head + 1) / power) for head in range(power)]
    return own if power == count else own + slopes(2 * power)[0:2 * (count - power):2]


def bucket(offset, buckets, far):
    """Of T5: half of the buckets for each direction, the first half of those for single distances."""
    half, distance = buckets // 2, abs(offset)
    near = half // 2
    own = distance
    if distance >= near:
        own = near + sum(distance >= near * (far / near) ** (step / (half - near)) for step in range(1, half - near))
    return own + (half if offset > 0 else 0)


def positions(w, config, ids, keep):
    def attention(layer, name, x):
        kind, n = config["position_kinds"][layer], x.shape[1]
        q, k, v = projected(w, config, name, x)
        if kind.startswith("rope"):
            q, k = (turned(each, config["rope_theta"], kind == "rope_interleaved") for each in (q, k))
        score = q @ k.mT * q.shape[-1] ** -0.5
        count = config["num_attention_heads"]
        if kind == "alibi":
            score = score - torch.tensor(slopes(count))[:, None, None] * offsets(n).abs()
        if kind == "t5":
            buckets = config["num_buckets"]
            row = torch.tensor([[bucket(offset, buckets, config["max_distance"]) for offset in line] for line in offsets(n).tolist()])
            score = score + w(f"{name}.rel_bias.weight", buckets, count)[row].permute(2, 0, 1)
        return joined(w, name, softmax_over(keep[:, None, None], score) @ v)

    return {"hidden": encoder(w, config, ids, attention, gelu)}


def scores(w, config, q, memory, keep):
    def products(name, size):
        parts = [linear(w, f"{name}.{part}_proj", x, size, bias=False) for part, x in (("q", q), ("k", memory))]
        return parts[0][:, :, None], parts[1][:, None]

    a, b = products("additive", config["additive_size"])
    by = {
        "dot": torch.mul(*products("dot", config["dot_size"])).sum(-1),
        "scaled_dot": torch.mul(*products("scaled_dot", config["scaled_dot_size"])).sum(-1) / config["scaled_dot_size"] ** 0.5,
        "additive": linear(w, "additive.v", torch.tanh(a + b), 1, bias=False)[..., 0],
        "multiplicative": torch.einsum("bim,bjm->bij", q @ w("multiplicative.weight", q.shape[-1], memory.shape[-1]), memory),
    }
    weights = {name: softmax_over(keep[:, None], score) for name, score in by.items()}
    return {f"weights_{name}": each for name, each in weights.items()} | {f"context_{name}": each @ memory for name, each in weights.items()}


def sizes(kind, vocab, d, depth, count, ff, **more):
    return dict(model_type=kind, vocab_size=vocab, hidden_size=d, num_hidden_layers=depth, num_attention_heads=count,
                intermediate_size=ff, layer_norm_eps=1e-4, **more)


def make_text(name, note, seed, run, config, batch, length):
    w = Weights(seed)
    ids, keep = padded(w.generator, batch, length, config["vocab_size"])
    inputs = {"input_ids": ids, "attention_mask": keep}
    write(name, config, w, inputs, run(w, config, ids, keep), note, seed)


def make_scores(name, note, seed, config, batch, targets, sources):
    w = Weights(seed)
    q = torch.randn(batch, targets, config["query_size"], generator=w.generator)
    memory = torch.randn(batch, sources, config["memory_size"], generator=w.generator)
    _, keep = padded(w.generator, batch, sources, 9)
    inputs = {"q": q, "memory": memory, "memory_mask": keep}
    write(name, config, w, inputs, scores(w, config, q, memory, keep), note, seed)


if __name__ == "__main__":
    make_text("shaw_encoder_far", "offsets that are never clipped, one layer of 5 heads, one sequence", 900, shaw,
              sizes("shaw_encoder", 37, 30, 1, 5, 22, clip=11), 1, 8)
    make_text("shaw_encoder_near", "all but the next ones clipped, 3 heads", 901, shaw,
              sizes("shaw_encoder", 41, 21, 2, 3, 17, clip=1), 3, 11)
    make_text("alibi_rope_compare_six_heads", "another order, 6 heads, buckets that end within the text", 902, positions,
              sizes("position_encoder", 29, 24, 4, 6, 9, position_kinds=["t5", "alibi", "rope_interleaved", "rope_half"],
                    rope_theta=500.0, num_buckets=12, max_distance=10), 2, 23)
    make_scores("attention_scores_one", "one query", 903, dict(
        model_type="attention_scores", query_size=7, memory_size=11, dot_size=5, scaled_dot_size=3, additive_size=13), 3, 1, 9)
