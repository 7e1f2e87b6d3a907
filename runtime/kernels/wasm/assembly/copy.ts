/** Copies `count` blocks of `bytes` bytes, which begin `fromStride` bytes apart, to places that are `toStride` apart. */
export function copyBlocks(from: usize, fromStride: usize, to: usize, toStride: usize, count: i32, bytes: usize): void {
  for (let n = 0; n < count; n++) {
    memory.copy(to, from, bytes);
    from += fromStride;
    to += toStride;
  }
}
