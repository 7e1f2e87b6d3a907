// long: holds the text of compiler/std/*.tfm. Written by scripts/embed-std.mjs; `npm run update` writes it again.

/** The standard library's files by the name that messages give them, for instance `std/layers.tfm`. */
export const standardLibrary: ReadonlyMap<string, string> = new Map([
  [
    "std/attention.tfm",
    `## A projection split into heads.
block Heads[n, d]{heads, c = d / heads, bias = true}(x: f32[.., n, d]) -> f32[.., heads, n, c] {
  return x |> Linear{out: heads * c, bias} |> rearrange[.. n (heads c) -> .. heads n c]
}

## Multi-head attention (Vaswani et al. 2017), of \`x\` to itself or to \`ctx\`.
## With fewer \`kv_heads\` than \`heads\`, each key head serves heads / kv_heads queries (Ainslie et al. 2023); \`rotate\` turns
## queries and keys, as \`rope\` does; \`qk_norm\` normalises each head's queries and keys first.
block Attention[i, j, d]{heads, kv_heads = heads, head_dim = d / heads, bias = true, out_bias = bias, scale = head_dim ^ -0.5,
                         qk_norm = false, eps = 1e-6, p = 0.0}
    (x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true, score: score[i, j] = s, rotate: fn = id)
    -> f32[.., i, d] where heads % kv_heads == 0 {
  qh = x |> q: Heads{heads, c: head_dim, bias}
  kh = ctx |> k: Heads{heads: kv_heads, c: head_dim, bias}
  vh = ctx |> v: Heads{heads: kv_heads, c: head_dim, bias} |> rearrange[.. g j c -> .. g j c]
  if qk_norm {
    qh = qh |> q_norm: RMSNorm{eps}
    kh = kh |> k_norm: RMSNorm{eps}
  }
  qh = qh |> rotate |> rearrange[.. (g r) i c -> .. g r i c; g = kv_heads]
  kh = kh |> rotate |> rearrange[.. g j c -> .. g j c]
  y = attend[i, j](qh, kh, vh) {
    head = @g * (heads / kv_heads) + @r, scale: scale, score: score, mask: mask, dropout: p
  }
  return y |> rearrange[.. g r i c -> .. i (g r c)] |> o: Linear{out: d, bias: out_bias}
}
`,
  ],
  [
    "std/functions.tfm",
    `## The Gaussian error linear unit (Hendrycks and Gimpel 2016), exact.
fn gelu(x: f32[..]) -> f32[..] = 0.5 * x * (1.0 + erf(x / 1.4142135623730951))

## GELU by its tanh approximation, as GPT-2 uses it.
fn gelu_tanh(x: f32[..]) -> f32[..] = 0.5 * x * (1.0 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))

## GELU by a sigmoid, as CLIP uses it.
fn quick_gelu(x: f32[..]) -> f32[..] = x * sigmoid(1.702 * x)

## The sigmoid linear unit, also called swish.
fn silu(x: f32[..]) -> f32[..] = x * sigmoid(x)

fn relu(x: f32[..]) -> f32[..] = max(x, 0.0)
`,
  ],
  [
    "std/layers.tfm",
    `outer batch

## A learned affine map of the last axis: y = x·W + b. The weight is stored as most checkpoints have it, output axis first.
block Linear[d]{out, bias = true}(x: f32[.., d]) -> f32[.., out] {
  param weight: f32[out, d] = normal(0.02)
  param bias: f32[out] = zeros when cfg.bias
  y = dot[d](x, weight)
  return if cfg.bias then y + bias else y
}

## One learned row for each id.
block Embedding{size, d}(ids: i32[..]) -> f32[.., d] {
  param weight: f32[size, d] = normal(0.02)
  return weight[size: ids]
}

## Layer normalisation over the last axis (Ba et al. 2016).
block LayerNorm[d]{eps = 1e-5}(x: f32[.., d]) -> f32[.., d] {
  param weight: f32[d] = ones
  param bias: f32[d] = zeros
  c = x - mean[d](x)
  return c * rsqrt(mean[d](c * c) + eps) * weight + bias
}

## Root mean square normalisation over the last axis (Zhang and Sennrich 2019).
block RMSNorm[d]{eps = 1e-6}(x: f32[.., d]) -> f32[.., d] {
  param weight: f32[d] = ones
  return x * rsqrt(mean[d](x * x) + eps) * weight
}

## The position-wise feed-forward network (Vaswani et al. 2017, section 3.3).
block FFN[d]{ff = 4 * d, act: fn = gelu, bias = true}(x: f32[.., d]) -> f32[.., d] {
  return x |> up: Linear{out: ff, bias} |> act |> down: Linear{out: d, bias}
}

## A gated feed-forward network (Shazeer 2020): act(x·gate) * (x·up), projected back.
block GLU[d]{ff, act: fn = silu, bias = false}(x: f32[.., d]) -> f32[.., d] {
  g = x |> gate: Linear{out: ff, bias} |> act
  return g * (x |> up: Linear{out: ff, bias}) |> down: Linear{out: d, bias}
}
`,
  ],
  [
    "std/losses.tfm",
    `## Mean negative log-likelihood of \`labels\` (nats), over the entries that are not \`ignore\`.
## With \`smoothing\`, that share of the target is spread evenly over all classes (Szegedy et al. 2016).
fn cross_entropy[n](logits: f32[.., n], labels: i32[..], ignore: int = -100, smoothing: real = 0.0) -> f32[] {
  counted = labels != ignore
  row = log_softmax[n](logits)
  hit = row[n: select(counted, labels, 0)]
  each = (1.0 - smoothing) * hit + smoothing * mean[n](row)
  return -sum(select(counted, each, 0.0)) / sum(real(counted))
}
`,
  ],
  [
    "std/masks.tfm",
    `## A position sees itself and what came before.
mask causal = k <= q

## A position sees at most \`w\` positions back, itself included.
mask window(w: int) = q - k < w

## Soft-capped scores (Gemma Team 2024): they stay within (-c, c).
score softcap(c: real) = c * tanh(s / c)
`,
  ],
  [
    "std/positions.tfm",
    `## Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency.
## Frequencies fall geometrically from 1 to nearly 1 / base. \`pairs\` says which channels pair up: "half" (c with c + half, as most checkpoints have
## it) or "interleaved" (neighbours, as the paper has it). \`scaling\` changes the frequencies, as \`llama3\` does.
fn rope[n, c](x: f32[.., n, c], base: real = 1e4, pairs: string = "half", scaling: fn = id) -> f32[.., n, c] where c % 2 == 0 {
  if pairs == "half" { split = x |> rearrange[.. n (s h) -> .. n h s; s = 2] }
  else { split = x |> rearrange[.. n (h s) -> .. n h s; s = 2] }
  frequency = base ^ (-2.0 * real(@h) / real(c)) |> scaling
  angle = dot[](real(@n), frequency)
  a = split[s: 0]
  b = split[s: 1]
  across = cos(angle)
  along = sin(angle)
  turned = stack[s](a * across - b * along, b * across + a * along)
  if pairs == "half" { return turned |> rearrange[.. n h s -> .. n (s h)] }
  return turned |> rearrange[.. n h s -> .. n (h s)]
}

## The frequencies of Llama 3 (Llama Team 2024): wavelengths over \`original\` / \`low\` are \`factor\` times longer, those under
## \`original\` / \`high\` stay, and between the two the change is gradual.
fn llama3(frequency: f32[..], factor: real = 8.0, low: real = 1.0, high: real = 4.0, original: int = 8192) -> f32[..] {
  turns = real(original) * frequency / 6.283185307179586
  smooth = min(max((turns - low) / (high - low), 0.0), 1.0)
  return frequency * (smooth + (1.0 - smooth) / factor)
}
`,
  ],
]);
