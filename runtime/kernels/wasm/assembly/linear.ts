/**
 * Products of few rows with a matrix that is read once. Such a product is as fast as memory: the matrix is read as four
 * bands at a time, each in its own order, since a processor fetches ahead along several streams better than along one.
 */

/** y [rows, out] = x [rows, d] w [d, out] + bias [out]. `bias` is 0 where there is none. */
export function linear(x: usize, w: usize, bias: usize, y: usize, rows: i32, d: i32, out: i32): void {
  const width = out << 2;
  const depth = d << 2;
  for (let row = 0; row < rows; row++) {
    if (bias != 0) memory.copy(y + row * width, bias, width);
    else memory.fill(y + row * width, 0, width);
  }
  const band = d >> 2;
  for (let m = 0; m < band; m++) {
    for (let row = 0; row < rows; row++) {
      addFour(x + row * depth + (m << 2), band << 2, w + m * width, band * width, y + row * width, out);
    }
  }
  for (let m = band << 2; m < d; m++) {
    for (let row = 0; row < rows; row++) {
      addOne(load<f32>(x + row * depth + (m << 2)), w + m * width, y + row * width, out);
    }
  }
}

/** y [out] += the sum over four of x w [out], where the xs lie `xStride` bytes apart and the ws `wStride`. */
function addFour(x: usize, xStride: usize, w: usize, wStride: usize, y: usize, out: i32): void {
  const x0 = load<f32>(x);
  const x1 = load<f32>(x + xStride);
  const x2 = load<f32>(x + xStride * 2);
  const x3 = load<f32>(x + xStride * 3);
  const each0 = f32x4.splat(x0);
  const each1 = f32x4.splat(x1);
  const each2 = f32x4.splat(x2);
  const each3 = f32x4.splat(x3);
  let w0 = w;
  let w1 = w0 + wStride;
  let w2 = w1 + wStride;
  let w3 = w2 + wStride;
  let n = 0;
  for (; n <= out - 8; n += 8) {
    const a = f32x4.add(f32x4.mul(each0, v128.load(w0)), f32x4.mul(each1, v128.load(w1)));
    const b = f32x4.add(f32x4.mul(each2, v128.load(w2)), f32x4.mul(each3, v128.load(w3)));
    v128.store(y, f32x4.add(v128.load(y), f32x4.add(a, b)));
    const c = f32x4.add(f32x4.mul(each0, v128.load(w0, 16)), f32x4.mul(each1, v128.load(w1, 16)));
    const e = f32x4.add(f32x4.mul(each2, v128.load(w2, 16)), f32x4.mul(each3, v128.load(w3, 16)));
    v128.store(y, f32x4.add(v128.load(y, 16), f32x4.add(c, e)), 16);
    w0 += 32;
    w1 += 32;
    w2 += 32;
    w3 += 32;
    y += 32;
  }
  for (; n < out; n++) {
    store<f32>(y, load<f32>(y) + (x0 * load<f32>(w0) + x1 * load<f32>(w1) + x2 * load<f32>(w2) + x3 * load<f32>(w3)));
    w0 += 4;
    w1 += 4;
    w2 += 4;
    w3 += 4;
    y += 4;
  }
}

/** y [out] += x w [out] */
export function addOne(x: f32, w: usize, y: usize, out: i32): void {
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
