import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { attend, both, causal, createCache, either, inverse, where, window, type Mask } from "tfmc/runtime";
import { expectClose, numbers, onEveryBackend, wave, waves } from "./on-every-backend.js";

interface Plain {
  readonly groups: number;
  readonly shared: number;
  readonly i: number;
  readonly j: number;
  readonly c: number;
  readonly e: number;
}

/** Attention by its definition, q [groups, shared, i, c], k [groups, j, c], v [groups, j, e], numbers from `wave`. */
function plainly(
  { groups, shared, i, j, c, e }: Plain,
  allowed: (q: number, k: number) => boolean,
  score: (s: number, q: number, k: number) => number = (s) => s,
): number[] {
  const [q, k, v] = [wave(groups * shared * i * c, 1), wave(groups * j * c, 2), wave(groups * j * e, 3)];
  const out: number[] = [];
  for (let g = 0; g < groups; g++) {
    for (let r = 0; r < shared; r++) {
      for (let at = 0; at < i; at++) {
        const weights = Array.from({ length: j }, (_, to) => {
          let s = 0;
          for (let m = 0; m < c; m++)
            s += (q[((g * shared + r) * i + at) * c + m] ?? 0) * (k[(g * j + to) * c + m] ?? 0);
          return allowed(at, to) ? Math.exp(score(s * 0.7, at, to)) : 0;
        });
        const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
        for (let m = 0; m < e; m++) {
          out.push(weights.reduce((sum, weight, to) => sum + (weight / total) * (v[(g * j + to) * e + m] ?? 0), 0));
        }
      }
    }
  }
  return out;
}

const small: Plain = { groups: 3, shared: 2, i: 5, j: 5, c: 4, e: 4 };

function tensors({ groups, shared, i, j, c, e }: Plain): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return [waves([groups, shared, i, c], 1), waves([groups, j, c], 2), waves([groups, j, e], 3)];
}

/** The entries `from .. to - 1` of the axis before the last. */
function part(tensor: tf.Tensor, from: number, to: number): tf.Tensor {
  const axis = tensor.rank - 2;
  const begin = tensor.shape.map((_, at) => (at === axis ? from : 0));
  return tf.slice(
    tensor,
    begin,
    tensor.shape.map((size, at) => (at === axis ? to - from : size)),
  );
}

const masks: [string, Mask | undefined, (q: number, k: number) => boolean][] = [
  ["no mask", undefined, () => true],
  ["causal", causal, (q, k) => k <= q],
  ["window", window(2), (q, k) => q - k < 2],
  ["causal & window", both(causal, window(2)), (q, k) => k <= q && q - k < 2],
  [
    "window | where",
    either(
      both(causal, window(1)),
      where((_, k) => tf.equal(k, 0)),
    ),
    (q, k) => q === k || k === 0,
  ],
  ["!causal", inverse(causal), (q, k) => k > q],
  ["nothing at all", both(causal, inverse(causal)), () => false],
  ["where", where((q, k) => tf.equal(tf.mod(tf.add(q, k), 2), 0)), (q, k) => (q + k) % 2 === 0],
  ["rows without a key", where((q, k) => tf.logicalAnd(tf.equal(q, 2), tf.less(k, 2))), (q, k) => q === 2 && k < 2],
];

onEveryBackend("attend", () => {
  it.each(masks)("%s", async (_, mask, allowed) => {
    const make = (): tf.Tensor => attend(...tensors(small), { scale: 0.7, ...(mask && { mask }) });
    expectClose(await numbers(make), plainly(small, allowed));
    expect(tf.tidy(() => make().shape)).toEqual([3, 2, 5, 4]);
  });

  it("differs in the lengths of queries and keys, and in the widths of keys and values", async () => {
    const odd: Plain = { groups: 2, shared: 1, i: 3, j: 7, c: 5, e: 6 };
    const make = (): tf.Tensor => attend(...tensors(odd), { scale: 0.7 });
    expectClose(
      await numbers(make),
      plainly(odd, () => true),
    );
    expect(tf.tidy(() => make().shape)).toEqual([2, 1, 3, 6]);
  });

  it("takes sizes at which the products are split into single matrices", async () => {
    const large: Plain = { groups: 3, shared: 1, i: 96, j: 96, c: 64, e: 64 };
    const make = (): tf.Tensor => attend(...tensors(large), { scale: 0.7, mask: causal });
    expectClose(
      await numbers(make),
      plainly(large, (q, k) => k <= q),
      1e-4,
    );
  });

  it("takes queries of the rank of the keys", async () => {
    const make = (): tf.Tensor => {
      const [q, k, v] = tensors({ ...small, shared: 1 });
      return attend(tf.reshape(q, [3, 5, 4]), k, v, { scale: 0.7, mask: causal });
    };
    expectClose(
      await numbers(make),
      plainly({ ...small, shared: 1 }, (q, k) => k <= q),
    );
    expect(tf.tidy(() => make().shape)).toEqual([3, 5, 4]);
  });

  it("changes scores by position", async () => {
    const score = (s: tf.Tensor, q: tf.Tensor, k: tf.Tensor): tf.Tensor => tf.sub(s, tf.mul(0.3, tf.abs(tf.sub(q, k))));
    const due = plainly(
      small,
      (q, k) => k <= q,
      (s, q, k) => s - 0.3 * Math.abs(q - k),
    );
    expectClose(await numbers(() => attend(...tensors(small), { scale: 0.7, mask: causal, score })), due);
  });

  it.each(masks.filter(([name]) => name !== "!causal"))("in steps equals at once: %s", async (_, mask, allowed) => {
    if (!mask) return;
    const stepwise = both(causal, mask);
    const due = await numbers(() => attend(...tensors(small), { scale: 0.7, mask: stepwise }));
    expectClose(
      due,
      plainly(small, (q, k) => k <= q && allowed(q, k)),
    );
    const cache = createCache();
    const pieces: tf.Tensor[] = [];
    for (const [from, to] of [
      [0, 2],
      [2, 3],
      [3, 5],
    ] as const) {
      pieces.push(
        tf.tidy(() => {
          const [q, k, v] = tensors(small).map((tensor) => part(tensor, from, to));
          if (!q || !k || !v) throw new Error("three tensors");
          const y = attend(q, k, v, { scale: 0.7, mask: stepwise, cache });
          cache.advance(to - from);
          return y;
        }),
      );
    }
    const actual = await numbers(() => tf.concat(pieces, 2));
    tf.dispose(pieces);
    cache.dispose();
    expectClose(actual, due);
  });
});

onEveryBackend("a window's cache", () => {
  it("holds no more than can still be seen", () => {
    const cache = createCache();
    const seen: number[] = [];
    for (let step = 0; step < 6; step++) {
      tf.tidy(() => {
        const { k, first } = cache.extend(waves([2, 1, 3], step), waves([2, 1, 3], step), { window: 3 });
        seen.push(first, k.shape[1] ?? 0);
        cache.advance(1);
      });
    }
    expect(seen).toEqual([0, 1, 0, 2, 0, 3, 1, 3, 2, 3, 3, 3]);
    expect(cache.length).toBe(6);
    cache.dispose();
  });

  it("remembers and reorders", async () => {
    const cache = createCache();
    let made = 0;
    const step = (): tf.Tensor =>
      tf.tidy(() => {
        const [y = tf.scalar(0)] = cache.remember(() => (made++, [tf.tensor([[[1]], [[2]]])]));
        cache.extend(tf.tensor([[[1]], [[2]]]), tf.tensor([[[3]], [[4]]]));
        cache.advance(1);
        return tf.clone(y);
      });
    step().dispose();
    cache.reorder([1, 1]);
    expect(await numbers(step)).toEqual([2, 2]);
    expect(made).toBe(1);
    expect(await numbers(() => tf.clone(cache.extend(tf.zeros([2, 1, 1]), tf.ones([2, 1, 1])).v))).toEqual([
      4, 3, 1, 4, 4, 1,
    ]);
    cache.dispose();
  });
});
