import { exp1, exp4 } from "./exp";
import { dot, sum4 } from "./sum";

/**
 * Attention of queries that see every key: y [groups, queries, e] = softmax(scale q kᵀ) v, with q [groups, queries, c], and
 * in each group `keys` rows of k [.., c] and of v [.., e]. Group n's keys begin at k + n kStride, its values at v + n vStride,
 * in bytes. `scores` is room for `keys` numbers.
 */
export function attendStep(
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
    for (let query = 0; query < queries; query++) {
      const highest = score(q, k, scores, keys, c, scale);
      const total = exponentiate(scores, keys, highest);
      memory.fill(y, 0, <usize>e << 2);
      mix(scores, v, y, keys, e, 1 / total);
      q += <usize>c << 2;
      y += <usize>e << 2;
    }
    k += kStride;
    v += vStride;
  }
}

/** scores [keys] = scale q kᵀ; gives the highest. */
function score(q: usize, k: usize, scores: usize, keys: i32, c: i32, scale: f32): f32 {
  let highest = -f32.MAX_VALUE;
  for (let key = 0; key < keys; key++) {
    const product = dot(q, k, c) * scale;
    store<f32>(scores + (<usize>key << 2), product);
    highest = max<f32>(highest, product);
    k += <usize>c << 2;
  }
  return highest;
}

/** e to (score - highest), in place; gives the sum. */
function exponentiate(scores: usize, keys: i32, highest: f32): f32 {
  const each = f32x4.splat(highest);
  let sums = f32x4.splat(0);
  let key = 0;
  for (; key <= keys - 4; key += 4) {
    const at = scores + (<usize>key << 2);
    const value = exp4(f32x4.sub(v128.load(at), each));
    v128.store(at, value);
    sums = f32x4.add(sums, value);
  }
  let sum = sum4(sums);
  for (; key < keys; key++) {
    const at = scores + (<usize>key << 2);
    const value = exp1(load<f32>(at) - highest);
    store<f32>(at, value);
    sum += value;
  }
  return sum;
}

/** y [e] += factor weights [keys] v [keys, e] */
function mix(weights: usize, v: usize, y: usize, keys: i32, e: i32, factor: f32): void {
  for (let key = 0; key < keys; key++) {
    const weight = load<f32>(weights + (<usize>key << 2)) * factor;
    const each = f32x4.splat(weight);
    let n = 0;
    for (; n <= e - 4; n += 4) {
      const at = y + (<usize>n << 2);
      v128.store(at, f32x4.add(v128.load(at), f32x4.mul(each, v128.load(v + (<usize>n << 2)))));
    }
    for (; n < e; n++) {
      const at = y + (<usize>n << 2);
      store<f32>(at, load<f32>(at) + weight * load<f32>(v + (<usize>n << 2)));
    }
    v += <usize>e << 2;
  }
}
