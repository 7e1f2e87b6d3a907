import * as tf from "@tensorflow/tfjs-core";
import type { Input, Tensor } from "tfmc/runtime";

declare const hidden: Tensor<"f32[batch, seq, d]">;
declare const plain: tf.Tensor;
declare const plain3: tf.Tensor3D;
declare function logitsOnly(x: Tensor<"f32[batch, seq, vocab]">): void;
declare function ids(x: Input<"i32[batch, seq]">): void;

logitsOnly(plain);
logitsOnly(plain3);
logitsOnly(tf.add(hidden, 1));
// @ts-expect-error: hidden states are no logits
logitsOnly(hidden);
export const widened: tf.Tensor = hidden;
ids([[1, 2, 3]]);
ids(plain);
// @ts-expect-error: another shape is written beside it
ids(hidden);
// @ts-expect-error: text is no token
ids(["a"]);
