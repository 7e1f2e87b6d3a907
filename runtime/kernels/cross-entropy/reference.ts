import * as tf from "@tensorflow/tfjs-core";

export interface CrossEntropyOptions {
  /** Places with this label count for nothing. */
  readonly ignore?: number;
  /** The share of each label's probability that is spread evenly over all classes. Szegedy et al., arXiv:1512.00567. */
  readonly smoothing?: number;
}

/**
 * The mean of -log softmax(logits)[label] over all places that count; 0 if none does. logits f32[.., n], labels i32[..].
 */
export function crossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  { ignore, smoothing = 0 }: CrossEntropyOptions = {},
): tf.Scalar {
  return tf.tidy(() => {
    const classes = logits.shape.at(-1) ?? 1;
    const rows = tf.reshape<tf.Rank.R2>(logits, [-1, classes]);
    const flat = tf.cast(tf.reshape<tf.Rank.R1>(labels, [-1]), "int32");
    const counts = ignore === undefined ? tf.ones([flat.size]) : tf.cast(tf.notEqual(flat, ignore), "float32");
    const logProbabilities = tf.logSoftmax(rows);
    // A label that is out of range, as ignored ones may be, has a row of zeros. (tf.oneHot is wrong for floats on wasm.)
    const chosen = tf.cast(tf.equal(tf.reshape(flat, [-1, 1]), tf.range(0, classes, 1, "int32")), "float32");
    const picked = tf.sum(tf.mul(chosen, logProbabilities), 1);
    const target = tf.add(tf.mul(picked, 1 - smoothing), tf.mul(tf.mean(logProbabilities, 1), smoothing));
    const total = tf.sum<tf.Scalar>(tf.mul(target, counts));
    return tf.neg(tf.div(total, tf.maximum(tf.sum(counts), 1)));
  });
}
