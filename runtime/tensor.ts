/**
 * Shapes as types. `Tensor<"f32[batch, seq, d]">` is a tf.Tensor with its shape written beside it: a plain tf.Tensor may
 * stand where any shape is due, since operations of tfjs know nothing of axes, but a tensor of one written shape never
 * stands where another is due.
 */
import type * as tf from "@tensorflow/tfjs-core";

declare const shape: unique symbol;

/** A tensor whose shape is `Shape`, for instance `"i32[batch, seq]"`. Nothing of it remains at run time. */
export type Tensor<Shape extends string = string> = tf.Tensor & { readonly [shape]?: Shape };

/** Numbers in nested arrays, outermost axis first. */
export type Nested = number | boolean | readonly Nested[];

/** What a caller may pass where a tensor is due: the tensor itself, or its numbers as nested arrays. */
export type Input<Shape extends string = string> = Tensor<Shape> | readonly Nested[];
