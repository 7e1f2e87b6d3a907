/** Numbers as a reader takes them in. */

/** `124,439,808` */
export const countText = (count: bigint | number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** `498 MB`, in powers of 1000. */
export const bytesText = (bytes: bigint): string => scaled(bytes, ["bytes", "KB", "MB", "GB", "TB", "PB"]);

/** `2.51 GFLOPs` */
export const flopsText = (flops: bigint): string =>
  scaled(flops, ["FLOPs", "KFLOPs", "MFLOPs", "GFLOPs", "TFLOPs", "PFLOPs"]);

/** Three digits that count, of the largest unit of which there is one. */
function scaled(amount: bigint, units: readonly string[]): string {
  const power = Math.min(Math.floor((String(amount).length - 1) / 3), units.length - 1);
  if (power === 0) return `${amount} ${units[0]}`;
  const value = Number(amount) / 1000 ** power;
  return `${value < 100 ? value.toPrecision(3) : countText(Math.round(value))} ${units[power]}`;
}
