/** Grids as SVG, in colours that can be seen on light and on dark ground. */

/** Where the first cell of a grid is, from its left upper corner; the numbers of its positions stand before. */
export const gridOrigin = { left: 30, top: 24 } as const;

const margin = { right: 8, bottom: 6 };
/** Between two grids. */
const apart = 14;

export const seen = "#3b82f6";
export const quiet = "#8a8f98";

export interface Ruler {
  /** What counts along this side. */
  readonly name: string;
  /** Of cells. */
  readonly count: number;
  /** Numbers stand at every so many cells. */
  readonly every: number;
  /** What a cell counts for. */
  readonly step: number;
}

export interface Panel {
  readonly across: Ruler;
  readonly down: Ruler;
  /** From one cell to the next, in pixels. */
  readonly pitch: number;
  /** The cells: elements of SVG. */
  readonly marks: string;
}

/** Panels beside each other. */
export function svgOf(...panels: readonly Panel[]): string {
  const sizes = panels.map(({ across, down, pitch }) => ({
    width: gridOrigin.left + across.count * pitch + margin.right,
    height: gridOrigin.top + down.count * pitch + margin.bottom,
  }));
  const width = sizes.reduce((sum, size) => sum + size.width, 0) + (panels.length - 1) * apart;
  const height = Math.max(0, ...sizes.map((size) => size.height));
  let left = 0;
  const parts = panels.map((panel, n) => {
    const part = `<g transform="translate(${left} 0)">${rulers(panel)}${panel.marks}</g>`;
    left += (sizes[n]?.width ?? 0) + apart;
    return part;
  });
  const font = 'font-family="ui-sans-serif, system-ui, sans-serif" font-size="10"';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font}>${parts.join("")}</svg>`;
}

function rulers({ across, down, pitch }: Panel): string {
  const { left, top } = gridOrigin;
  const above = numbers(across, pitch).map(
    ([at, number]) => `<text x="${left + at}" y="${top - 4}" text-anchor="middle">${number}</text>`,
  );
  const beside = numbers(down, pitch).map(
    ([at, number]) => `<text x="${left - 4}" y="${top + at + 3.5}" text-anchor="end">${number}</text>`,
  );
  const names = [
    `<text x="${left + (across.count * pitch) / 2}" y="9" text-anchor="middle" font-style="italic">${across.name}</text>`,
    `<text x="6" y="${top + (down.count * pitch) / 2 + 3}" text-anchor="middle" font-style="italic">${down.name}</text>`,
  ];
  return `<g fill="${quiet}">${[...above, ...beside, ...names].join("")}</g>`;
}

/** Where they stand, and what they are. */
const numbers = ({ count, every, step }: Ruler, pitch: number): (readonly [number, string])[] =>
  Array.from({ length: Math.ceil(count / every) }, (_, n) => [n * every * pitch + pitch / 2, short(n * every * step)]);

/** `4k` for 4096. */
const short = (number: number): string =>
  number >= 1024 && number % 1024 === 0 ? `${number / 1024}k` : String(number);
