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
## With fewer \`kv_heads\` than \`heads\`, each key head serves heads / kv_heads queries (Ainslie et al. 2023); \`rotate\`
## turns queries and keys, as \`rope\` does; \`qk_norm\` normalises each head's queries and keys first.
block Attention[i, j, d]{
  heads, kv_heads = heads, head_dim = d / heads, bias = true, out_bias = bias, scale = head_dim ^ -0.5, qk_norm = false,
  eps = 1e-6, p = 0.0
}(x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true, score: score[i, j] = s, rotate: fn = id)
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

## Attention that knows relative positions by learned vectors, on keys and on values, for offsets up to \`clip\` either
## way (Shaw et al. 2018).
block ShawRelative[i, j, d]{heads, clip, head_dim = d / heads, bias = true, scale = head_dim ^ -0.5}
    (x: f32[.., i, d], ctx: f32[.., j, d] = x[i -> j], mask: mask[i, j] = true) -> f32[.., i, d] {
  param rel_k: f32[offset: 2 * clip + 1, c: head_dim] = normal(0.02)
  param rel_v: f32[offset: 2 * clip + 1, c: head_dim] = normal(0.02)
  qh = x |> q: Heads{heads, c: head_dim, bias} |> rearrange[.. g i c -> .. g i c]
  kh = ctx |> k: Heads{heads, c: head_dim, bias} |> rearrange[.. g j c -> .. g j c]
  vh = ctx |> v: Heads{heads, c: head_dim, bias} |> rearrange[.. g j c -> .. g j c]
  hot = one_hot[offset: 2 * clip + 1](max(min(expand[i](@j) - @i, clip), -clip) + clip)
  bias_k = dot[offset](dot[c](qh, rel_k), hot)
  # Values of their own for each pair ask for the weights themselves: those of a key are what its own 1 comes to.
  own = dot[](full_like(kh[c: 0], 1.0), one_hot[e: j](@j))
  weights = attend[i, j](qh, kh, own) { scale: scale, score: s + scale * bias_k[i: q, j: k], mask: mask }[e -> j]
  y = dot[j](weights, vh) + dot[offset](dot[j](weights, hot), rel_v)
  return y |> rearrange[.. g i c -> .. i (g c)] |> o: Linear{out: d, bias}
}

## Attention over a memory and the text behind it, by content and by distance (Dai et al. 2019, "Transformer-XL"). The
## queries' biases for the two are given, since the paper's layers share them. Of the memory the last \`filled\` positions
## are seen.
block XLRelative[i, m, d, heads, c]{bias = false, scale = c ^ -0.5}(
  x: f32[.., i, d], memory: f32[.., m, d], for_content: f32[heads, c], for_distance: f32[heads, c], filled: i32[] = m
) -> f32[.., i, d] where d % 2 == 0 {
  ctx = concat[j](memory[m -> j], x[i -> j])
  qh = x |> q: Heads{heads, c, bias} |> rearrange[.. heads i c -> .. heads i c]
  kh = ctx |> k: Heads{heads, c, bias} |> rearrange[.. heads j c -> .. heads j c]
  vh = ctx |> v: Heads{heads, c, bias} |> rearrange[.. heads j c -> .. heads j c]
  far = range[far: m + i]()
    |> sinusoid(d, pairs: "half")
    |> r: Heads{heads, c, bias}
    |> rearrange[heads far c -> heads far c]
  by_distance = dot[c](qh + for_distance, far)
  y = attend[i, j](qh + for_content, kh, vh) {
    q = @i + m, mask: causal & k >= m - filled, scale: scale, score: s + scale * by_distance[far: max(q - k, 0)]
  }
  return y |> rearrange[.. heads i c -> .. i (heads c)] |> o: Linear{out: d, bias}
}

## Attention by hashing (Kitaev et al. 2020, "Reformer"), of queries that are the keys. Each round turns them at random,
## by \`rotations\`, into one bucket of a few. Sorted by bucket and cut into chunks, a position sees those of its own
## chunk and of the one before, where they are not later in the text; itself only where there is no other. With \`strict\`
## all that it sees is of its bucket.
block LshAttention[n, d, rounds, heads, c, half]{chunk, scale = c ^ -0.5, strict = true}
    (x: f32[.., n, d], rotations: f32[rounds, heads, c, half]) -> f32[.., n, d] where n % chunk == 0 {
  qk     = x |> qk: Heads{heads, c, bias: false}
  vh     = x |> v: Heads{heads, c, bias: false}
  turned = dot[c](qk, rotations)
  bucket = argmax[side](concat[side](turned[half -> side], (-turned)[half -> side]))
  order  = argsort[n](bucket)

  # A round's chunks, in sorted order; keys have what lies one chunk back before their own.
  place     = order |> rearrange[.. heads (m i) rounds -> .. heads rounds m i; i = chunk]
  alike     = bucket[n: order] |> rearrange[.. heads (m i) rounds -> .. heads rounds m i; i = chunk]
  query     = qk[n: order] |> rearrange[.. heads (m i) rounds c -> .. heads rounds m i c; i = chunk]
  value     = vh[n: order] |> rearrange[.. heads (m i) rounds c -> .. heads rounds m i c; i = chunk]
  key_place = expand[i: chunk](concat[j](roll[m: 1](place)[i -> j], place[i -> j]))
  key_alike = expand[i: chunk](concat[j](roll[m: 1](alike)[i -> j], alike[i -> j]))
  keys      = concat[j](roll[m: 1](query)[i -> j], query[i -> j])
  values    = concat[j](roll[m: 1](value)[i -> j], value[i -> j])

  hidden = if strict then key_place > place | key_alike != alike else key_place > place
  s = min(scale * dot[c](query, unit(keys)), if hidden then -1e9 else if key_place == place then -1e5 else inf)
  found = logsumexp(s)
  y = dot[j](softmax[j](s), values)

  # Back to the text's order. Rounds count by how much they found.
  back  = argsort[n](order)
  found = (found |> rearrange[.. heads rounds m i -> .. heads (n: m i) rounds])[n: back]
  y     = (y |> rearrange[.. heads rounds m i c -> .. heads (n: m i) rounds c])[n: back]
  return dot[rounds](softmax[rounds](found), y)
    |> rearrange[.. heads n c -> .. n (heads c)]
    |> o: Linear{out: d, bias: false}
}
`,
  ],
  [
    "std/convolution.tfm",
    `## A convolution along one axis, channels before it. The weight is laid out as PyTorch has it.
block Conv1d[c, t]{out, kernel, stride = 1, padding = 0, groups = 1, bias = true}
    (x: f32[.., c, t]) -> f32[.., out, t: (t + 2 * padding - kernel) // stride + 1]
    where c % groups == 0, out % groups == 0, kernel <= t + 2 * padding {
  param weight: f32[out, part: c / groups, k: kernel] = normal(0.02)
  param bias: f32[out] = zeros when cfg.bias
  y = conv[t](x, weight, stride: stride, padding: padding, groups: groups)
  return if cfg.bias then y + bias else y
}

## A convolution of an image, channels before height and width. The weight is laid out as PyTorch has it.
block Conv2d[c, h, w]{out, kernel, stride = 1, padding = 0, groups = 1, bias = true}(x: f32[.., c, h, w])
    -> f32[.., out, h: (h + 2 * padding - kernel) // stride + 1, w: (w + 2 * padding - kernel) // stride + 1]
    where c % groups == 0, out % groups == 0, kernel <= h + 2 * padding, kernel <= w + 2 * padding {
  param weight: f32[out, part: c / groups, kh: kernel, kw: kernel] = normal(0.02)
  param bias: f32[out] = zeros when cfg.bias
  y = conv[h, w](x, weight, stride: stride, padding: padding, groups: groups)
  return if cfg.bias then y + bias else y
}

## An image as a sequence of patches, row by row, each projected to d channels (Dosovitskiy et al. 2020).
block PatchEmbed[c, h, w]{patch, d, bias = true}(x: f32[.., c, h, w]) -> f32[.., n: (h / patch) * (w / patch), d]
    where h % patch == 0, w % patch == 0 {
  return x |> projection: Conv2d{out: d, kernel: patch, stride: patch, bias} |> rearrange[.. d h w -> .. (n: h w) d]
}
`,
  ],
  [
    "std/experts.tfm",
    `## Which experts a token uses (Shazeer et al. 2017): how likely the router finds each, and the share in the result that
## the \`k\` likeliest get by that, all others none. With \`renormalise\` shares sum to one (Mixtral); without, they stay as
## they are (Switch).
block Router[d]{experts, k = 2, renormalise = true}(x: f32[.., d]) -> f32[.., experts], f32[.., experts]
    where k <= experts {
  gate = softmax[experts](x |> Linear{out: experts, bias: false})
  kept = gate |> keep_top(k)
  share = if renormalise then kept / sum[experts](kept) else kept
  return gate, share
}

## Networks of one kind, each of which gives its share of the result.
## What a token does not use is computed all the same, and counts nothing.
block Experts[d, experts]{Expert: block}(x: f32[.., d], share: f32[.., experts]) -> f32[.., d] {
  y = full_like(x, 0.0)
  repeat e < experts {
    y += share[experts: e] * (x |> expert[e]: Expert)
  }
  return y
}

## A mixture of experts (Shazeer et al. 2017): of \`experts\` gated networks, each token uses the \`k\` that the router
## finds most likely, by its probabilities.
block MoE[d]{experts, k = 2, ff = 4 * d, act: fn = silu, renormalise = true}(x: f32[.., d]) -> f32[.., d]
    where k <= experts {
  gate, share = x |> router: Router{experts, k, renormalise}
  return x |> Experts{Expert: GLU{ff, act}}(share)
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

## What is below 0 becomes 0.
fn relu(x: f32[..]) -> f32[..] = max(x, 0.0)

## The square of relu (So et al. 2021, "Primer").
fn relu2(x: f32[..]) -> f32[..] = square(relu(x))

## relu with a slope for negative entries (Maas et al. 2013).
fn leaky_relu(x: f32[..], slope: real = 0.01) -> f32[..] = max(x, 0.0) + slope * min(x, 0.0)

## The exponential linear unit (Clevert et al. 2015).
fn elu(x: f32[..]) -> f32[..] = max(x, 0.0) + exp(min(x, 0.0)) - 1.0

## log(1 + exp(x)), without overflow.
fn softplus(x: f32[..]) -> f32[..] = max(x, 0.0) + log(1.0 + exp(-abs(x)))

## Each entry times itself.
fn square(x: f32[..]) -> f32[..] = x * x

## -1.0, 0.0 or 1.0.
fn sign(x: f32[..]) -> f32[..] = real(x > 0.0) - real(x < 0.0)

## The least whole number that is not below x.
fn ceil(x: f32[..]) -> f32[..] = -floor(-x)

## The nearest whole number; halves go to the even one.
fn round(x: f32[..]) -> f32[..] {
  below = floor(x)
  over = x - below
  return below + real(over > 0.5 | over == 0.5 & below % 2.0 == 1.0)
}

## The vector along the last axis at length 1. A length under \`eps\` counts as \`eps\`.
fn unit[n](x: f32[.., n], eps: real = 1e-12) -> f32[.., n] = x / max(sqrt(sum[n](x * x)), eps)

## The logarithm of the sum of exponentials over the last axis, without overflow.
fn logsumexp[n](x: f32[.., n]) -> f32[..] {
  most = largest[n](x)
  return most + log(sum[n](exp(x - most)))
}

## The \`k\` largest entries of the last axis; the others become 0. Of equal ones the first stay.
fn keep_top[n](x: f32[.., n], k: int) -> f32[.., n] {
  rank = argsort[n](argsort[n](-x))
  return select(rank < k, x, 0.0)
}
`,
  ],
  [
    "std/layers.tfm",
    `outer batch

## A learned affine map of the last axis: y = x·W + b. The weight is stored as most checkpoints have it, output axis
## first.
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

## Logits for masked tokens (Devlin et al. 2018): a layer, and then the table of the tokens itself, as wide as that
## layer is.
block MaskedHead[d, e, vocab]{act: fn = gelu, eps = 1e-12}(x: f32[.., d], table: f32[vocab, e]) -> f32[.., vocab] {
  param bias: f32[vocab] = zeros
  return dot[e](x |> transform: Linear{out: e} |> act |> norm: LayerNorm{eps}, table) + bias
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

## Pairs of one batch against all others in it (Radford et al. 2021): entry [i, i] is a pair, and the largest of its row
## and column.
fn contrastive[n, m](logits: f32[n, m]) -> f32[] where n == m {
  of_row = log_softmax[m](logits)
  of_column = log_softmax[n](logits)
  return -0.5 * (mean(of_row[m: @n]) + mean(of_column[m: @n]))
}

## How far the student's distribution is from the teacher's (Hinton et al. 2015): the Kullback-Leibler divergence at a
## \`temperature\`, whose square restores the size of the gradient.
fn distillation[n](student: f32[.., n], teacher: f32[.., n], temperature: real = 1.0) -> f32[] {
  due = log_softmax[n](stop_gradient(teacher) / temperature)
  found = log_softmax[n](student / temperature)
  return temperature * temperature * mean(sum[n](exp(due) * (due - found)))
}

## The mean of the squared differences.
fn mse(x: f32[..], target: f32[..]) -> f32[] = mean(square(x - target))

## The mean cost (nats) of telling true from false: \`logits\` are log-odds, targets lie in 0..1.
fn binary_cross_entropy(logits: f32[..], targets: f32[..]) -> f32[] = mean(softplus(logits) - logits * targets)

## Experts used alike (Fedus et al. 2021): 1 where they are, more where few do the work. \`gate\` holds each expert's
## probability, \`kept\` what was kept of it.
fn load_balance[b, n, experts](gate: f32[b, n, experts], kept: f32[b, n, experts]) -> f32[] {
  used = real(kept > 0.0)
  share = sum[b, n](used) / sum(used)
  return real(experts) * sum(share * mean[b, n](gate))
}
`,
  ],
  [
    "std/masks.tfm",
    `## A position sees itself and what came before.
mask causal = k <= q

## A position sees at most \`w\` positions back, itself included.
mask window(w: int) = q - k < w

## A position sees \`before\` positions back and \`after\` ahead, beside itself.
mask band(before: int, after: int) = q - k <= before & k - q <= after

## All see the first \`n\` positions: \`causal | prefix(n)\` is a prefix language model (Raffel et al. 2019).
mask prefix(n: int) = k < n

## All see the positions that \`keep\` marks: those that are no padding.
mask padding(keep: bool[.., n]) = keep[n: k]

## A position sees those of its own document, where several are packed into one sequence.
mask same(document: i32[.., n]) = document[n: q] == document[n: k]

## The last \`l\` positions, and every l-th before them (Child et al. 2019, "strided").
mask strided(l: int) = q - k < l | (q - k) % l == 0

## The own block of \`l\` positions, and the last \`c\` of every block (Child et al. 2019, "fixed").
mask fixed(l: int, c: int) = q // l == k // l | k % l >= l - c

## \`w\` positions back, taking every \`step\`-th, itself included (Beltagy et al. 2020, section 3.1).
mask dilated(w: int, step: int) = q - k < w * step & (q - k) % step == 0

## A position that \`which\` marks sees all and is seen by all (Beltagy et al. 2020).
mask global(which: bool[.., n]) = which[n: q] | which[n: k]

## Positions of an image, row by row, \`width\` of them each: one sees its own row.
mask row(width: int) = q // width == k // width

## As \`row\`: one sees its own column.
mask column(width: int) = q % width == k % width

## Soft-capped scores (Gemma Team 2024): they stay within (-c, c).
score softcap(c: real) = c * tanh(s / c)

## Scores fall with the distance, at a rate of each head's own (Press et al. 2021). Rates fall geometrically to 2^-8;
## where the number of heads is no power of two, those beyond the last power take the rates between.
score alibi(heads: int) = s - alibi_rate(head, heads) * real(abs(q - k))

## How much a head's scores fall from one position to the next, for \`alibi\`.
fn alibi_rate(head: i32[..], heads: int) -> f32[..] {
  # The logarithm of a power of two may err to just below a whole number.
  power = 2.0 ^ floor(log(real(heads)) / 0.6931471805599453 + 1e-9)
  n = real(head)
  return if n < power then 2.0 ^ (-8.0 * (n + 1.0) / power) else 2.0 ^ (-4.0 * (2.0 * (n - power) + 1.0) / power)
}
`,
  ],
  [
    "std/positions.tfm",
    `## Rotary positions (Su et al. 2021): each pair of channels turns by its position times a frequency.
## Frequencies fall geometrically from 1 to nearly 1 / base. \`pairs\` says which channels pair up: "half" (c with c +
## half, as most checkpoints have it) or "interleaved" (neighbours, as the paper has it). \`scaling\` changes the
## frequencies, as \`llama3\` does. Of the channels the first \`width\` turn, as in GPT-NeoX.
fn rope[n, c](x: f32[.., n, c], base: real = 1e4, pairs: string = "half", scaling: fn = id, width: int = c)
    -> f32[.., n, c] where width % 2 == 0, width <= c {
  part = x[c: ..width]
  if pairs == "half" { split = part |> rearrange[.. n (s h) -> .. n h s; s = 2] }
  else { split = part |> rearrange[.. n (h s) -> .. n h s; s = 2] }
  frequency = base ^ (-2.0 * real(@h) / real(width)) |> scaling
  angle = dot[](real(@n), frequency)
  a = split[s: 0]
  b = split[s: 1]
  across = cos(angle)
  along = sin(angle)
  turned = stack[s](a * across - b * along, b * across + a * along)
  if pairs == "half" { turned = turned |> rearrange[.. n h s -> .. n (c: s h)] }
  else { turned = turned |> rearrange[.. n h s -> .. n (c: h s)] }
  if width == c { return turned }
  return concat[c](turned, x[c: width..])
}

## The frequencies of Llama 3 (Llama Team 2024): wavelengths over \`original\` / \`low\` are \`factor\` times longer, those
## under \`original\` / \`high\` stay, and between the two the change is gradual.
fn llama3(frequency: f32[..], factor: real = 8.0, low: real = 1.0, high: real = 4.0, original: int = 8192) -> f32[..] {
  turns = real(original) * frequency / 6.283185307179586
  smooth = min(max((turns - low) / (high - low), 0.0), 1.0)
  return frequency * (smooth + (1.0 - smooth) / factor)
}

## Wavelengths \`factor\` times as long (Chen et al. 2023): positions are packed closer.
fn linear_scaling(frequency: f32[..], factor: real) -> f32[..] = frequency / factor

## Long wavelengths stretch the more, the further a text of \`length\` goes beyond the \`original\` one; the shortest stay
## ("dynamic NTK").
fn dynamic_scaling[h](frequency: f32[h], length: int, factor: real, original: int) -> f32[h] where h > 1 {
  stretch = factor * max(real(length) / real(original), 1.0) - factor + 1.0
  return frequency * stretch ^ (-real(@h) / real(h - 1))
}

## Sines and cosines of each position, at wavelengths from 2 pi to nearly 2 pi times \`base\` (Vaswani et al. 2017,
## section 3.5). \`pairs\`: sine and cosine "interleaved", as the paper has it, or all sines in the first "half", as most
## code has it.
fn sinusoid(at: i32[..], d: int, base: real = 1e4, pairs: string = "interleaved") -> f32[.., d] where d % 2 == 0 {
  frequency = base ^ (-2.0 * real(range[h: d / 2]()) / real(d))
  angle = dot[](real(at), frequency)
  both = stack[s](sin(angle), cos(angle))
  if pairs == "half" { return both |> rearrange[.. h s -> .. (d: s h)] }
  return both |> rearrange[.. h s -> .. (d: h s)]
}

## Adds the sinusoids of the positions.
block Sinusoidal[n, d]{base = 1e4, pairs = "interleaved"}(x: f32[.., n, d]) -> f32[.., n, d] where d % 2 == 0 {
  return x + (@n |> sinusoid(d, base: base, pairs: pairs))
}

## Adds a learned row for each of \`ctx\` positions.
block Learned[n, d]{ctx}(x: f32[.., n, d]) -> f32[.., n, d] where n <= ctx {
  param weight: f32[ctx, d] = normal(0.02)
  return x + weight[ctx: @n]
}

## Adds a learned row for each line and one for each column of a grid that is read line by line (Ho et al. 2019).
block AxialPositions[n, d]{lines, columns}(x: f32[.., n, d]) -> f32[.., n, d] where n <= lines * columns {
  param line: f32[lines, d] = normal(0.02)
  param column: f32[columns, d] = normal(0.02)
  return x + line[lines: @n // columns] + column[columns: @n % columns]
}

## The bucket of an offset key - query (Raffel et al. 2019): near ones have one each, further ones share them by the
## logarithm of their distance, and all from \`far\` on share the last. With \`both\`, half of the buckets are for keys
## ahead.
fn t5_bucket(offset: i32[..], buckets: int = 32, far: int = 128, both: bool = true) -> i32[..] {
  half = if both then buckets // 2 else buckets
  near = half // 2
  distance = if both then abs(offset) else max(-offset, 0)
  # Where the logarithm is exact, rounding must not fall below it.
  share = log(real(max(distance, 1)) / real(near)) / log(real(far) / real(near)) + 1e-5
  further = near + int(share * real(half - near))
  bucket = select(distance < near, distance, max(min(further, half - 1), near))
  return if both then bucket + select(offset > 0, half, 0) else bucket
}

## A learned bias for each head and each bucket of offsets: \`bias = @i |> bias: RelativeBias{heads}(@j)\`, then
## \`score: s + bias[head, q, k]\`.
block RelativeBias[i, j]{heads, buckets = 32, far = 128, both = true}(query: i32[i], key: i32[j]) -> f32[heads, i, j] {
  param weight: f32[buckets, heads] = normal(0.02)
  offset = expand[i](key) - query
  return weight[buckets: t5_bucket(offset, buckets: buckets, far: far, both: both)] |> rearrange[i j heads -> heads i j]
}
`,
  ],
  [
    "std/recurrent.tfm",
    `## One step of a gated recurrent unit (Cho et al. 2014), as PyTorch has it: the reset gate acts on the recurrent
## product. Inside of a \`scan\`: \`h = h |> cell: Gru(x)\`.
block Gru[n, d](h: f32[.., n], x: f32[.., d]) -> f32[.., n] {
  a = x |> input: Linear{out: 3 * n} |> rearrange[.. (gate n) -> .. gate n; gate = 3]
  u = h |> recurrent: Linear{out: 3 * n} |> rearrange[.. (gate n) -> .. gate n; gate = 3]
  reset = sigmoid(a[gate: 0] + u[gate: 0])
  keep = sigmoid(a[gate: 1] + u[gate: 1])
  new = tanh(a[gate: 2] + reset * u[gate: 2])
  return (1.0 - keep) * new + keep * h
}

## One step of a long short-term memory (Hochreiter and Schmidhuber 1997), as PyTorch has it: the new hidden state and
## the new cell. Inside of a \`scan\`: \`h, c = h |> cell: Lstm(c, x)\`.
block Lstm[n, d](h: f32[.., n], c: f32[.., n], x: f32[.., d]) -> f32[.., n], f32[.., n] {
  a = (x |> input: Linear{out: 4 * n}) + (h |> recurrent: Linear{out: 4 * n})
    |> rearrange[.. (gate n) -> .. gate n; gate = 4]
  cell = sigmoid(a[gate: 1]) * c + sigmoid(a[gate: 0]) * tanh(a[gate: 2])
  hidden = sigmoid(a[gate: 3]) * tanh(cell)
  return hidden, cell
}
`,
  ],
]);
