"""What references of our own share: weights that are drawn by name, the layers they are made of, and the writing of a case."""
import json
import pathlib

import torch
from safetensors.torch import save_file

CASES = pathlib.Path(__file__).resolve().parents[2] / "test" / "reference" / "cases"


class Weights:
    """Each tensor of a checkpoint, drawn when it is first asked for; norms and biases are random too, so that a forgotten one shows."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)
        self.tensors = {}

    def __call__(self, name, *shape, around=0.0):
        if name not in self.tensors:
            spread = 0.9 * shape[-1] ** -0.5 if len(shape) > 1 else 0.2
            self.tensors[name] = around + spread * torch.randn(shape, generator=self.generator)
        return self.tensors[name]


def linear(w, name, x, out, bias=True):
    y = x @ w(f"{name}.weight", out, x.shape[-1]).T
    return y + w(f"{name}.bias", out) if bias else y


def layer_norm(w, name, x, eps):
    centred = x - x.mean(-1, keepdim=True)
    scaled = centred / (centred.square().mean(-1, keepdim=True) + eps).sqrt()
    return scaled * w(f"{name}.weight", x.shape[-1], around=1.0) + w(f"{name}.bias", x.shape[-1])


def heads(x, count):
    """[batch, n, count * c] as [batch, count, n, c]."""
    return x.unflatten(-1, (count, -1)).transpose(1, 2)


def softmax_over(keep, score):
    """Softmax over the last axis, where `keep` is 1; the others get nothing."""
    return torch.where(keep.bool(), score, -torch.inf).softmax(-1)


def padded(draw, batch, length, vocab):
    """Ids with padding behind them; the first row has none."""
    lengths = length - 2 * torch.arange(batch)
    keep = (torch.arange(length) < lengths[:, None]).long()
    return torch.randint(3, vocab, (batch, length), generator=draw) * keep, keep


def write(name, config, weights, inputs, outputs, note, seed):
    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    save_file(weights.tensors, folder / "model.safetensors")
    save_file(
        {f"in.{key}": value.contiguous() for key, value in inputs.items()}
        | {f"out.{key}": value.contiguous() for key, value in outputs.items()},
        folder / "io.safetensors")
    (folder / "case.json").write_text(json.dumps({
        "model_type": config["model_type"], "inputs": {key: list(value.shape) for key, value in inputs.items()},
        "outputs": {key: list(value.shape) for key, value in outputs.items()}, "tolerance": 1e-4, "note": note, "seed": seed,
        "made_with": {"torch": torch.__version__}}, indent=1) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1024
    print(f"{name:28s} {sum(tensor.numel() for tensor in weights.tensors.values()):7d} parameters {size:5.0f} KiB")
