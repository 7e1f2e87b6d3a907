import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../sizes.js";

export interface ConvOptions {
  /** By how many places the kernel moves on, 1 if not given. */
  readonly stride?: number;
  /** Zeros put on both sides of each axis. */
  readonly padding?: number;
  /** Channels are convolved in so many groups, each by itself. */
  readonly groups?: number;
}

/**
 * The cross-correlation of x [.., c, n] with weight [out, c / groups, k], or of x [.., c, h, w] with weight
 * [out, c / groups, kh, kw], laid out as PyTorch has them.
 */
export function conv(x: tf.Tensor, weight: tf.Tensor, options: ConvOptions = {}): tf.Tensor {
  const { stride = 1, padding = 0, groups = 1 } = options;
  return tf.tidy(() => {
    const axes = weight.rank - 2;
    const front = x.shape.slice(0, x.rank - axes - 1);
    const [c = 1, ...lengths] = x.shape.slice(x.rank - axes - 1);
    const [out = 1, taken = 1, ...kernel] = weight.shape;
    // One axis is two of which the first has one entry.
    const [height, width] = axes === 1 ? [1, lengths[0] ?? 1] : [lengths[0] ?? 1, lengths[1] ?? 1];
    const [kh, kw] = axes === 1 ? [1, kernel[0] ?? 1] : [kernel[0] ?? 1, kernel[1] ?? 1];
    const images = tf.reshape<tf.Rank.R4>(x, [-1, c, height, width]);
    const filters = tf.reshape<tf.Rank.R4>(weight, [out, taken, kh, kw]);
    const pad: Padding = [[0, 0], axes === 1 ? [0, 0] : [padding, padding], [padding, padding], [0, 0]];
    const strides: [number, number] = [axes === 1 ? 1 : stride, stride];
    // tfjs convolves on all backends with the channels last only.
    const last = tf.transpose(images, [0, 2, 3, 1]);
    const parts = Array.from({ length: groups }, (_, group) => {
      const [from, made] = [group * taken, out / groups];
      const own = groups === 1 ? last : tf.slice(last, [0, 0, 0, from], [-1, -1, -1, taken]);
      const ownFilters = groups === 1 ? filters : tf.slice(filters, [group * made, 0, 0, 0], [made, -1, -1, -1]);
      return tf.conv2d(own, tf.transpose(ownFilters, [2, 3, 1, 0]), strides, pad);
    });
    const joined = tf.transpose(parts.length === 1 && parts[0] ? parts[0] : tf.concat(parts, 3), [0, 3, 1, 2]);
    const moved = [sizeOf(joined, 2), sizeOf(joined, 3)].slice(-axes);
    return tf.reshape(joined, [...front, out, ...moved]);
  });
}

type Padding = [[number, number], [number, number], [number, number], [number, number]];
