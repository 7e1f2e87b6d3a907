import { exp1, exp4 } from "./exp";
import { linear } from "./linear";
import { linearTransposed } from "./linear-transposed";
import { sum4 } from "./sum";

/**
 * Attention of queries that see every key: y [groups, queries, e] = softmax(scale q kᵀ) v, with q [groups, queries, c], and
 * in each group `keys` rows of k [.., c] and of v [.., e]. One group's keys begin `kStride` bytes after another's, its values
 * `vStride`. `scores` is room for queries times keys numbers.
 */
export function attend(
  q: usize,
  k: usize,
  v: usize,
  y: usize,
  scores: usize,
  groups: i32,
  queries: i32,
  keys: i32,
  c: i32,
  e: i32,
  kStride: usize,
  vStride: usize,
  scale: f32,
): void {
  for (let group = 0; group < groups; group++) {
    linearTransposed(q, k, 0, scores, queries, c, keys);
    for (let query = 0; query < queries; query++) softmax(scores + ((query * keys) << 2), keys, scale);
    linear(scores, v, 0, y, queries, keys, e);
    q += (queries * c) << 2;
    y += (queries * e) << 2;
    k += kStride;
    v += vStride;
  }
}

/** softmax(scale x), for x [count], in place. */
function softmax(x: usize, count: i32, scale: f32): void {
  let highest = -f32.MAX_VALUE;
  for (let n = 0; n < count; n++) highest = max<f32>(highest, load<f32>(x + (n << 2)) * scale);
  const total = exponentiate(x, count, scale, highest);
  const factor: f32 = 1 / total;
  const each = f32x4.splat(factor);
  let n = 0;
  for (; n <= count - 4; n += 4) v128.store(x + (n << 2), f32x4.mul(v128.load(x + (n << 2)), each));
  for (; n < count; n++) store<f32>(x + (n << 2), load<f32>(x + (n << 2)) * factor);
}

/** e to (scale x - highest), for x [count], in place; gives the sum. */
function exponentiate(x: usize, count: i32, scale: f32, highest: f32): f32 {
  const scales = f32x4.splat(scale);
  const highests = f32x4.splat(highest);
  let sums = f32x4.splat(0);
  let n = 0;
  for (; n <= count - 4; n += 4) {
    const value = exp4(f32x4.sub(f32x4.mul(v128.load(x + (n << 2)), scales), highests));
    v128.store(x + (n << 2), value);
    sums = f32x4.add(sums, value);
  }
  let sum = sum4(sums);
  for (; n < count; n++) {
    const value = exp1(load<f32>(x + (n << 2)) * scale - highest);
    store<f32>(x + (n << 2), value);
    sum += value;
  }
  return sum;
}
