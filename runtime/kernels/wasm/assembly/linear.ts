import { dot } from "./sum";

/**
 * y [rows, out] = x [rows, d] w [d, out] + bias [out], for few rows: w is read once, in its own order, and y stays in the
 * processor's cache. `bias` is 0 where there is none.
 */
export function linear(x: usize, w: usize, bias: usize, y: usize, rows: i32, d: i32, out: i32): void {
  const width = <usize>out << 2;
  for (let row = 0; row < rows; row++) {
    const to = y + <usize>row * width;
    if (bias != 0) memory.copy(to, bias, width);
    else memory.fill(to, 0, width);
  }
  let m = 0;
  for (; m <= d - 4; m += 4) {
    const from = w + <usize>m * width;
    for (let row = 0; row < rows; row++) {
      addFourRows(x + ((<usize>row * d + m) << 2), from, y + <usize>row * width, out);
    }
  }
  for (; m < d; m++) {
    const from = w + <usize>m * width;
    for (let row = 0; row < rows; row++) {
      addRow(load<f32>(x + ((<usize>row * d + m) << 2)), from, y + <usize>row * width, out);
    }
  }
}

/** y [out] += x [4] w [4, out] */
function addFourRows(x: usize, w: usize, y: usize, out: i32): void {
  const x0 = v128.load32_splat(x);
  const x1 = v128.load32_splat(x, 4);
  const x2 = v128.load32_splat(x, 8);
  const x3 = v128.load32_splat(x, 12);
  const width = <usize>out << 2;
  let w0 = w;
  let w1 = w0 + width;
  let w2 = w1 + width;
  let w3 = w2 + width;
  let n = 0;
  for (; n <= out - 8; n += 8) {
    const a = f32x4.add(f32x4.mul(x0, v128.load(w0)), f32x4.mul(x1, v128.load(w1)));
    const b = f32x4.add(f32x4.mul(x2, v128.load(w2)), f32x4.mul(x3, v128.load(w3)));
    const c = f32x4.add(f32x4.mul(x0, v128.load(w0, 16)), f32x4.mul(x1, v128.load(w1, 16)));
    const e = f32x4.add(f32x4.mul(x2, v128.load(w2, 16)), f32x4.mul(x3, v128.load(w3, 16)));
    v128.store(y, f32x4.add(v128.load(y), f32x4.add(a, b)));
    v128.store(y, f32x4.add(v128.load(y, 16), f32x4.add(c, e)), 16);
    w0 += 32;
    w1 += 32;
    w2 += 32;
    w3 += 32;
    y += 32;
  }
  for (; n < out; n++) {
    const a = load<f32>(x) * load<f32>(w0) + load<f32>(x, 4) * load<f32>(w1);
    const b = load<f32>(x, 8) * load<f32>(w2) + load<f32>(x, 12) * load<f32>(w3);
    store<f32>(y, load<f32>(y) + (a + b));
    w0 += 4;
    w1 += 4;
    w2 += 4;
    w3 += 4;
    y += 4;
  }
}

/** y [out] += x w [out] */
function addRow(x: f32, w: usize, y: usize, out: i32): void {
  const each = f32x4.splat(x);
  let n = 0;
  for (; n <= out - 4; n += 4) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(each, v128.load(w))));
    w += 16;
    y += 16;
  }
  for (; n < out; n++) {
    store<f32>(y, load<f32>(y) + x * load<f32>(w));
    w += 4;
    y += 4;
  }
}

/** y [rows, out] = x [rows, d] times the transpose of w [out, d], plus bias [out]; w is read once, in its own order. */
export function linearTransposed(x: usize, w: usize, bias: usize, y: usize, rows: i32, d: i32, out: i32): void {
  const depth = <usize>d << 2;
  for (let n = 0; n < out; n++) {
    const from = w + <usize>n * depth;
    const start: f32 = bias != 0 ? load<f32>(bias + (<usize>n << 2)) : 0;
    for (let row = 0; row < rows; row++) {
      store<f32>(y + ((<usize>row * out + n) << 2), start + dot(x + <usize>row * depth, from, d));
    }
  }
}
