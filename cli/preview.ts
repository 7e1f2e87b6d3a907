/** The beginning of a tensor's numbers, nested as its axes are: `[[1.5, -0.25, …], …]`. */
export function preview(shape: readonly number[], data: ArrayLike<number>, most = 6): string {
  const show = (axis: number, from: number): string => {
    if (axis === shape.length) return shortNumber(data[from] ?? NaN);
    const size = shape[axis] ?? 0;
    const stride = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
    // Of outer axes the first entry shows the form; of the last, numbers are what one wants to see.
    const shown = Math.min(size, axis === shape.length - 1 ? most : 1);
    const entries = Array.from({ length: shown }, (_, n) => show(axis + 1, from + n * stride));
    return `[${[...entries, ...(shown < size ? ["…"] : [])].join(", ")}]`;
  };
  return show(0, 0);
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
