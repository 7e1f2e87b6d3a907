const log2e: f32 = 1.4426950408889634;
/** The logarithm of 2 in two parts, the first short enough that a small integer times it is exact. */
const ln2High: f32 = 0.693359375;
const ln2Low: f32 = -2.1219444e-4;

/**
 * e to each of four numbers, to about 1 in 10⁷; 0 is given as 2^-126, infinity as about 2^127. With n the nearest integer
 * to x / ln 2, it is 2^n e^r, where |r| <= ln 2 / 2 and the Taylor series of e^r is short.
 */
export function exp4(x: v128): v128 {
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(88)), f32x4.splat(-87.3));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(log2e)));
  const high = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(ln2High)));
  const r = f32x4.sub(high, f32x4.mul(n, f32x4.splat(ln2Low)));
  let sum = f32x4.splat(1.0 / 5040.0);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 720.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 120.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 24.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 6.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  // 2^n: n, biased, in the exponent's place.
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(sum, power);
}

/** e to one number. */
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}
