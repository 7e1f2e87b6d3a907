/**
 * Products of many rows with a matrix. A strip of its columns at a time is copied to where it lies together, and stays in
 * the processor's cache while all rows are multiplied with it.
 */

/** Columns of a strip: two cache lines of each row of the matrix. Its strands, of eight columns, lie one after another. */
const stripWidth = 32;
const strandWidth = 8;

/** y [rows, out] = x [rows, d] w [d, out] + bias [out]. `bias` is 0 where there is none; `strip` is room for [d, 32]. */
export function linearMany(x: usize, w: usize, bias: usize, y: usize, strip: usize, rows: i32, d: i32, out: i32): void {
  const depth = d << 2;
  const width = out << 2;
  const whole = out - (out % strandWidth);
  for (let n = 0; n < whole; n += stripWidth) {
    const strands = min(stripWidth, whole - n) / strandWidth;
    copyStrip(w + (n << 2), width, strip, d, strands);
    for (let strand = 0; strand < strands; strand++) {
      const from = strip + strand * strandWidth * depth;
      const column = (n + strand * strandWidth) << 2;
      const start = bias != 0 ? bias + column : 0;
      let row = 0;
      for (; row <= rows - 4; row += 4) {
        multiplyFour(x + row * depth, depth, from, start, y + row * width + column, width);
      }
      for (; row < rows; row++) multiplyOne(x + row * depth, from, start, y + row * width + column, d);
    }
  }
  for (let n = whole; n < out; n++) {
    const start: f32 = bias != 0 ? load<f32>(bias + (n << 2)) : 0;
    for (let row = 0; row < rows; row++) {
      let sum = start;
      for (let m = 0; m < d; m++) sum += load<f32>(x + row * depth + (m << 2)) * load<f32>(w + m * width + (n << 2));
      store<f32>(y + row * width + (n << 2), sum);
    }
  }
}

/** Strands of w [d, ..], whose rows are `width` bytes apart, each to a stretch of its own. */
function copyStrip(w: usize, width: i32, strip: usize, d: i32, strands: i32): void {
  for (let m = 0; m < d; m++) {
    let to = strip + m * (strandWidth << 2);
    for (let strand = 0; strand < strands; strand++) {
      const from = w + strand * (strandWidth << 2);
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      to += d * (strandWidth << 2);
    }
    w += width;
  }
}

/** Four rows of y, 8 columns each: x [4, d] times a strand [d, 8], from `bias` [8] on; 0 is no bias. */
function multiplyFour(x: usize, depth: i32, strand: usize, bias: usize, y: usize, width: i32): void {
  const left = bias != 0 ? v128.load(bias) : f32x4.splat(0);
  const right = bias != 0 ? v128.load(bias, 16) : f32x4.splat(0);
  let x0 = x;
  let x1 = x0 + depth;
  let x2 = x1 + depth;
  let x3 = x2 + depth;
  let a0 = left;
  let a1 = left;
  let a2 = left;
  let a3 = left;
  let b0 = right;
  let b1 = right;
  let b2 = right;
  let b3 = right;
  const end = x + depth;
  while (x0 < end) {
    const a = v128.load(strand);
    const b = v128.load(strand, 16);
    const each0 = v128.load32_splat(x0);
    a0 = f32x4.add(a0, f32x4.mul(each0, a));
    b0 = f32x4.add(b0, f32x4.mul(each0, b));
    const each1 = v128.load32_splat(x1);
    a1 = f32x4.add(a1, f32x4.mul(each1, a));
    b1 = f32x4.add(b1, f32x4.mul(each1, b));
    const each2 = v128.load32_splat(x2);
    a2 = f32x4.add(a2, f32x4.mul(each2, a));
    b2 = f32x4.add(b2, f32x4.mul(each2, b));
    const each3 = v128.load32_splat(x3);
    a3 = f32x4.add(a3, f32x4.mul(each3, a));
    b3 = f32x4.add(b3, f32x4.mul(each3, b));
    strand += 32;
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
  }
  v128.store(y, a0);
  v128.store(y, b0, 16);
  y += width;
  v128.store(y, a1);
  v128.store(y, b1, 16);
  y += width;
  v128.store(y, a2);
  v128.store(y, b2, 16);
  y += width;
  v128.store(y, a3);
  v128.store(y, b3, 16);
}

/** One row of y, 8 columns. */
function multiplyOne(x: usize, strand: usize, bias: usize, y: usize, d: i32): void {
  let a = bias != 0 ? v128.load(bias) : f32x4.splat(0);
  let b = bias != 0 ? v128.load(bias, 16) : f32x4.splat(0);
  for (let m = 0; m < d; m++) {
    const each = v128.load32_splat(x);
    a = f32x4.add(a, f32x4.mul(each, v128.load(strand)));
    b = f32x4.add(b, f32x4.mul(each, v128.load(strand, 16)));
    strand += 32;
    x += 4;
  }
  v128.store(y, a);
  v128.store(y, b, 16);
}
