"""Variants of the decoders that no library has: the Sparse Transformer, Transformer-XL, and a mixture of experts.

    reference/bin/python scripts/reference/decoders.py
"""
import torch
from torch.nn.functional import gelu, relu, silu

from case import Weights, heads, layer_norm, linear, softmax_over, write


def joined(w, name, y, d, bias):
    return linear(w, name, y.transpose(1, 2).flatten(2), d, bias)


def feed_forward(w, name, x, ff, activation):
    return linear(w, f"{name}.down", activation(linear(w, f"{name}.up", x, ff)), x.shape[-1])


def sparse(w, config, ids):
    """Whether each query sees each key is asked of the two, one by one."""
    d, eps, count = config["hidden_size"], config["layer_norm_eps"], config["num_attention_heads"]
    stride, block, summary = config["stride"], config["block"], config["summary"]
    sees = {
        "strided": lambda q, k: k <= q and (q - k < stride or (q - k) % stride == 0),
        "fixed": lambda q, k: k <= q and (q // block == k // block or k % block >= block - summary),
    }
    n = ids.shape[1]
    x = w("embed.weight", config["vocab_size"], d)[ids] + w("positions.weight", config["max_position_embeddings"], d)[:n]
    for layer, kind in enumerate(config["layer_types"]):
        name = f"layers.{layer}"
        fused = linear(w, f"{name}.attn.qkv_proj", layer_norm(w, f"{name}.norm1", x, eps), 3 * d)
        q, k, v = (heads(part, count) for part in fused.split(d, -1))
        keep = torch.tensor([[sees[kind](query, key) for key in range(n)] for query in range(n)])
        y = softmax_over(keep, q @ k.mT * (d // count) ** -0.5) @ v
        x = x + joined(w, f"{name}.attn.o_proj", y, d, bias=True)
        x = x + feed_forward(w, f"{name}.ffn", layer_norm(w, f"{name}.norm2", x, eps), config["intermediate_size"], gelu)
    return linear(w, "head", layer_norm(w, "norm", x, eps), config["vocab_size"], bias=False)


def wave(distance, d):
    """The sines of a distance, then its cosines."""
    angle = distance / 10000.0 ** (torch.arange(0, d, 2) / d)
    return torch.cat([angle.sin(), angle.cos()])


def transformer_xl(w, config, segments):
    """Layers in turn, each over all that it remembers and its own segment; a distance is looked up for each pair."""
    d, eps, count, c = config["hidden_size"], config["layer_norm_eps"], config["num_attention_heads"], config["head_dim"]
    table = w("embed.weight", config["vocab_size"], d)
    for_content, for_distance = (w(name, count, c)[:, None] for name in "uv")
    memories = [torch.zeros(segments.shape[1], 0, d)] * config["num_hidden_layers"]
    logits = []
    for ids in segments:
        x = table[ids] * d ** 0.5
        for layer, memory in enumerate(memories):
            name, n = f"layers.{layer}", x.shape[1]
            context = torch.cat([memory, x], 1)
            memories[layer] = context[:, -config["mem_len"]:]
            m = memory.shape[1]
            q, k, v = (heads(linear(w, f"{name}.attn.{part}_proj", of, count * c, bias=False), count)
                       for part, of in (("q", x), ("k", context), ("v", context)))
            distance = m + torch.arange(n)[:, None] - torch.arange(m + n)
            far = torch.stack([wave(of, d) for of in distance.flatten()]).unflatten(0, distance.shape)
            r = linear(w, f"{name}.attn.r_proj", far, count * c, bias=False).unflatten(-1, (count, c))
            score = (q + for_content) @ k.mT + torch.einsum("bhic,ijhc->bhij", q + for_distance, r)
            y = softmax_over(distance >= 0, score * c ** -0.5) @ v
            x = layer_norm(w, f"{name}.norm1", x + joined(w, f"{name}.attn.o_proj", y, d, bias=False), eps)
            x = layer_norm(w, f"{name}.norm2", x + feed_forward(w, f"{name}.ffn", x, config["intermediate_size"], relu), eps)
        logits.append(x @ table.T)
    return torch.stack(logits)


def experts(w, config, hidden):
    """Token by token: only the experts that it uses are asked."""
    d, ff, count, top = config["hidden_size"], config["intermediate_size"], config["num_experts"], config["top_k"]
    y = hidden / (hidden.square().mean(-1, keepdim=True) + config["rms_norm_eps"]).sqrt() * w("norm.weight", d, around=1.0)
    chance = (y @ w("router.weight", count, d).T).softmax(-1)
    out, used = hidden.clone(), torch.zeros(count)
    for row, at in torch.cartesian_prod(torch.arange(hidden.shape[0]), torch.arange(hidden.shape[1])).tolist():
        best = chance[row, at].argsort(descending=True)[:top].tolist()
        total = chance[row, at, best].sum() if config["norm_topk_prob"] else 1.0
        for expert in best:
            name, x = f"experts.{expert}", y[row, at]
            gated = silu(linear(w, f"{name}.gate_proj", x, ff, bias=False)) * linear(w, f"{name}.up_proj", x, ff, bias=False)
            out[row, at] += chance[row, at, expert] / total * linear(w, f"{name}.down_proj", gated, d, bias=False)
            used[expert] += 1
    balance = count * (used / used.sum() * chance.mean((0, 1))).sum()
    return {"hidden": out, "router_probs": chance, "aux_loss": balance}


def sizes(kind, vocab, d, depth, count, ff, **more):
    return dict(model_type=kind, vocab_size=vocab, hidden_size=d, num_hidden_layers=depth, num_attention_heads=count,
                intermediate_size=ff, layer_norm_eps=1e-4, **more)


def make(name, note, seed, run, config, inputs):
    w = Weights(seed)
    inputs = inputs(w.generator)
    outputs = run(w, config, *inputs.values())
    write(name, config, w, inputs, outputs if isinstance(outputs, dict) else {"logits": outputs}, note, seed)


def ids(name, vocab, *shape):
    return lambda draw: {name: torch.randint(3, vocab, shape, generator=draw)}


if __name__ == "__main__":
    make("sparse_transformer_lm_short", "one layer of 3 heads, a stride of 3, one sequence", 910, sparse,
         sizes("sparse_transformer", 31, 18, 1, 3, 20, max_position_embeddings=16, stride=3, block=4, summary=1,
               layer_types=["strided"], tie_word_embeddings=False), ids("input_ids", 31, 1, 14))
    make("transformer_xl_lm_long", "a memory longer than a segment, five of them, 3 heads", 911, transformer_xl,
         sizes("transformer_xl", 23, 14, 2, 3, 18, head_dim=5, mem_len=9, tie_word_embeddings=True), ids("segments", 23, 5, 2, 4))
    make("moe_top3", "three of seven experts as they are", 912, experts,
         dict(model_type="moe", hidden_size=10, intermediate_size=7, num_experts=7, top_k=3, norm_topk_prob=False, rms_norm_eps=1e-3),
         lambda draw: {"hidden": torch.randn(2, 9, 10, generator=draw)})
