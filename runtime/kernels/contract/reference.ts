import * as tf from "@tensorflow/tfjs-core";
import { batchedMatMul } from "../matmul/reference.js";

interface Plan {
  /** Axes of each operand in the order batch, kept, summed (left) and batch, summed, kept (right). */
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly batch: number;
  readonly summed: number;
  /** From batch, left kept, right kept to the order that is asked for. */
  readonly order: readonly number[];
}

const plans = new Map<string, Plan>();

/**
 * The sum of products over the axes that the result lacks: `contract(x, w, "a b c, c d -> a b d")`. Axes that all three have
 * are batch axes. Lowered to transposes and one matrix product, since `tf.einsum` multiplies before it sums.
 */
export function contract(left: tf.Tensor, right: tf.Tensor, spec: string): tf.Tensor {
  const plan = plans.get(spec) ?? makePlan(spec);
  plans.set(spec, plan);
  return tf.tidy(() => {
    const a = ordered(left, plan.left);
    const b = ordered(right, plan.right);
    const batch = a.shape.slice(0, plan.batch);
    const rows = a.shape.slice(plan.batch, a.rank - plan.summed);
    const columns = b.shape.slice(plan.batch + plan.summed);
    const size = tf.util.sizeFromShape;
    const depth = size(a.shape.slice(a.rank - plan.summed));
    const product = batchedMatMul(
      tf.reshape(a, [size(batch), size(rows), depth]),
      tf.reshape(b, [size(batch), depth, size(columns)]),
    );
    return ordered(tf.reshape(product, [...batch, ...rows, ...columns]), plan.order);
  });
}

function ordered(tensor: tf.Tensor, order: readonly number[]): tf.Tensor {
  return order.every((axis, n) => axis === n) ? tensor : tf.transpose(tensor, [...order]);
}

function makePlan(spec: string): Plan {
  const [operands = "", result = ""] = spec.split("->").map((part) => part.trim());
  const [left = [], right = []] = operands.split(",").map((part) => part.trim().split(/\s+/).filter(Boolean));
  const out = result.split(/\s+/).filter(Boolean);
  const batch = left.filter((name) => right.includes(name) && out.includes(name));
  const summed = left.filter((name) => right.includes(name) && !out.includes(name));
  const rows = left.filter((name) => !right.includes(name));
  const columns = right.filter((name) => !left.includes(name));
  const made = [...batch, ...rows, ...columns];
  if (made.length !== out.length || !out.every((name) => made.includes(name)))
    throw new Error(`contract: "${spec}" does not give its result`);
  return {
    left: [...batch, ...rows, ...summed].map((name) => left.indexOf(name)),
    right: [...batch, ...summed, ...columns].map((name) => right.indexOf(name)),
    batch: batch.length,
    summed: summed.length,
    order: out.map((name) => made.indexOf(name)),
  };
}
