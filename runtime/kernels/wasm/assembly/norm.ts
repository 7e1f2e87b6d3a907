import { dot, sum4 } from "./sum";

/** y = (x - mean) / sqrt(variance + epsilon) * gain + bias, for each row of x [rows, d]; gain and bias [d]. */
export function layerNorm(x: usize, gain: usize, bias: usize, y: usize, rows: i32, d: i32, epsilon: f32): void {
  for (let row = 0; row < rows; row++) {
    const mean = total(x, d) / f32(d);
    subtract(x, mean, y, d);
    const scale: f32 = 1 / sqrt<f32>(dot(y, y, d) / f32(d) + epsilon);
    const each = f32x4.splat(scale);
    let n = 0;
    for (; n <= d - 4; n += 4) {
      const at = n << 2;
      const scaled = f32x4.mul(f32x4.mul(v128.load(y + at), each), v128.load(gain + at));
      v128.store(y + at, f32x4.add(scaled, v128.load(bias + at)));
    }
    for (; n < d; n++) {
      const at = n << 2;
      store<f32>(y + at, load<f32>(y + at) * scale * load<f32>(gain + at) + load<f32>(bias + at));
    }
    x += d << 2;
    y += d << 2;
  }
}

/** y = x / sqrt(mean(x²) + epsilon) * gain, for each row of x [rows, d]; gain [d]. */
export function rmsNorm(x: usize, gain: usize, y: usize, rows: i32, d: i32, epsilon: f32): void {
  for (let row = 0; row < rows; row++) {
    const scale: f32 = 1 / sqrt<f32>(dot(x, x, d) / f32(d) + epsilon);
    const each = f32x4.splat(scale);
    let n = 0;
    for (; n <= d - 4; n += 4) {
      const at = n << 2;
      v128.store(y + at, f32x4.mul(f32x4.mul(v128.load(x + at), each), v128.load(gain + at)));
    }
    for (; n < d; n++) {
      const at = n << 2;
      store<f32>(y + at, load<f32>(x + at) * scale * load<f32>(gain + at));
    }
    x += d << 2;
    y += d << 2;
  }
}

function total(x: usize, count: i32): f32 {
  let sums = f32x4.splat(0);
  let n = 0;
  for (; n <= count - 4; n += 4) sums = f32x4.add(sums, v128.load(x + (n << 2)));
  let sum = sum4(sums);
  for (; n < count; n++) sum += load<f32>(x + (n << 2));
  return sum;
}

function subtract(x: usize, amount: f32, y: usize, count: i32): void {
  const each = f32x4.splat(amount);
  let n = 0;
  for (; n <= count - 4; n += 4) v128.store(y + (n << 2), f32x4.sub(v128.load(x + (n << 2)), each));
  for (; n < count; n++) store<f32>(y + (n << 2), load<f32>(x + (n << 2)) - amount);
}
