import { exp1, exp4 } from "./exp";

/** 2 √(2/π), and that times 0.044715: the argument's doubled factors in the approximation of gelu. */
const linearFactor: f32 = 1.5957691216057308;
const cubicFactor: f32 = 0.07135481282553506;

/** y = x σ(2u), u = √(2/π) (x + 0.044715 x³), for x [count]. */
export function geluTanh(x: usize, y: usize, count: i32): void {
  let n = 0;
  for (; n <= count - 4; n += 4) {
    const value = v128.load(x + (n << 2));
    const factor = f32x4.add(f32x4.mul(f32x4.mul(value, value), f32x4.splat(cubicFactor)), f32x4.splat(linearFactor));
    v128.store(y + (n << 2), timesSigmoid(value, f32x4.mul(value, factor)));
  }
  for (; n < count; n++) {
    const value = load<f32>(x + (n << 2));
    const doubled = value * (value * value * cubicFactor + linearFactor);
    store<f32>(y + (n << 2), value / (1 + exp1(-doubled)));
  }
}

/** y = x σ(x), for x [count]. */
export function silu(x: usize, y: usize, count: i32): void {
  let n = 0;
  for (; n <= count - 4; n += 4) {
    const value = v128.load(x + (n << 2));
    v128.store(y + (n << 2), timesSigmoid(value, value));
  }
  for (; n < count; n++) {
    const value = load<f32>(x + (n << 2));
    store<f32>(y + (n << 2), value / (1 + exp1(-value)));
  }
}

/** x σ(t) */
function timesSigmoid(x: v128, t: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.splat(1), exp4(f32x4.neg(t))));
}
