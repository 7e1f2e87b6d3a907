/** Products of rows with a matrix whose rows are the columns of the product: read once, as four bands at a time. */
import { addOne } from "./linear";
import { dot, sum4 } from "./sum";

/** y [rows, out] = x [rows, d] times the transpose of w [out, d], plus bias [out]. `bias` is 0 where there is none. */
export function linearTransposed(x: usize, w: usize, bias: usize, y: usize, rows: i32, d: i32, out: i32): void {
  const width = out << 2;
  const depth = d << 2;
  const band = out >> 2;
  for (let n = 0; n < band; n++) {
    const from = w + n * depth;
    const to = y + (n << 2);
    let row = 0;
    for (; row <= rows - 2; row += 2) {
      dotFourTwice(x + row * depth, depth, from, band * depth, to + row * width, width, band << 2, d);
    }
    if (row < rows) dotFour(x + row * depth, from, band * depth, to + row * width, band << 2, d);
  }
  for (let n = band << 2; n < out; n++) {
    for (let row = 0; row < rows; row++) {
      store<f32>(y + row * width + (n << 2), dot(x + row * depth, w + n * depth, d));
    }
  }
  if (bias == 0) return;
  for (let row = 0; row < rows; row++) addOne(1, bias, y + row * width, out);
}

/** Four products of x [d] and w [d], where the ws lie `wStride` bytes apart and the products `yStride`. */
function dotFour(x: usize, w: usize, wStride: usize, y: usize, yStride: usize, d: i32): void {
  let w0 = w;
  let w1 = w0 + wStride;
  let w2 = w1 + wStride;
  let w3 = w2 + wStride;
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let m = 0;
  for (; m <= d - 4; m += 4) {
    const each = v128.load(x);
    s0 = f32x4.add(s0, f32x4.mul(each, v128.load(w0)));
    s1 = f32x4.add(s1, f32x4.mul(each, v128.load(w1)));
    s2 = f32x4.add(s2, f32x4.mul(each, v128.load(w2)));
    s3 = f32x4.add(s3, f32x4.mul(each, v128.load(w3)));
    x += 16;
    w0 += 16;
    w1 += 16;
    w2 += 16;
    w3 += 16;
  }
  let y0 = sum4(s0);
  let y1 = sum4(s1);
  let y2 = sum4(s2);
  let y3 = sum4(s3);
  for (; m < d; m++) {
    const each = load<f32>(x);
    y0 += each * load<f32>(w0);
    y1 += each * load<f32>(w1);
    y2 += each * load<f32>(w2);
    y3 += each * load<f32>(w3);
    x += 4;
    w0 += 4;
    w1 += 4;
    w2 += 4;
    w3 += 4;
  }
  store<f32>(y, y0);
  store<f32>(y + yStride, y1);
  store<f32>(y + yStride * 2, y2);
  store<f32>(y + yStride * 3, y3);
}

/** The same for two xs, which lie `xStride` bytes apart; their products lie `yRow` apart. */
function dotFourTwice(x: usize, xStride: i32, w: usize, wStride: i32, y: usize, yRow: i32, yStride: i32, d: i32): void {
  const whole = d & ~3;
  let a = x;
  let b = x + xStride;
  let w0 = w;
  let w1 = w0 + wStride;
  let w2 = w1 + wStride;
  let w3 = w2 + wStride;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  for (let m = 0; m < whole; m += 4) {
    const left = v128.load(a);
    const right = v128.load(b);
    const v0 = v128.load(w0);
    const v1 = v128.load(w1);
    const v2 = v128.load(w2);
    const v3 = v128.load(w3);
    a0 = f32x4.add(a0, f32x4.mul(left, v0));
    b0 = f32x4.add(b0, f32x4.mul(right, v0));
    a1 = f32x4.add(a1, f32x4.mul(left, v1));
    b1 = f32x4.add(b1, f32x4.mul(right, v1));
    a2 = f32x4.add(a2, f32x4.mul(left, v2));
    b2 = f32x4.add(b2, f32x4.mul(right, v2));
    a3 = f32x4.add(a3, f32x4.mul(left, v3));
    b3 = f32x4.add(b3, f32x4.mul(right, v3));
    a += 16;
    b += 16;
    w0 += 16;
    w1 += 16;
    w2 += 16;
    w3 += 16;
  }
  const rest = d - whole;
  const next = y + yRow;
  store<f32>(y, sum4(a0) + dot(a, w0, rest));
  store<f32>(y + yStride, sum4(a1) + dot(a, w1, rest));
  store<f32>(y + yStride * 2, sum4(a2) + dot(a, w2, rest));
  store<f32>(y + yStride * 3, sum4(a3) + dot(a, w3, rest));
  store<f32>(next, sum4(b0) + dot(b, w0, rest));
  store<f32>(next + yStride, sum4(b1) + dot(b, w1, rest));
  store<f32>(next + yStride * 2, sum4(b2) + dot(b, w2, rest));
  store<f32>(next + yStride * 3, sum4(b3) + dot(b, w3, rest));
}
